// Says that a search for words reads records, and for how long; offers the search index.

import { Link } from "@tanstack/react-router";
import { count, counted } from "@/lib/format";
import { useAsk } from "@/lib/query";

/** Below, nobody waits. */
const FELT_S = 0.5;

export function WordSearch({ query }: { query: string }) {
  const { data, isPlaceholderData } = useAsk("trail.text_status", { query });
  if (!data || isPlaceholderData || !data.has_words || data.unread === 0) return null;
  if (data.detail === null && data.read_s < FELT_S) return null;
  const time = data.read_s < 1 ? "less than 1 s" : `about ${count(Math.round(data.read_s))} s`;
  return (
    <span className="truncate">
      {data.detail === null
        ? `Words are searched by reading every record: ${time}. `
        : `${counted(data.unread, "call")} not in the search index yet, and read: ${time}. `}
      <Link to="/settings" search={{ tab: "store" }} className="text-accent underline underline-offset-2">
        Search index
      </Link>
    </span>
  );
}

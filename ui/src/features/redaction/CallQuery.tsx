// Which stored calls: a query of the trail, and how many match.

import { TextField } from "@/components/form/TextField";
import { TrailLink } from "@/components/TrailLink";
import { count, counted } from "@/lib/format";
import { useAsk } from "@/lib/query";
import { useDebounced } from "@/lib/useDebounced";

type Props = { query: string; onQueryChanged: (query: string) => void; what: string };

export function CallQuery({ query, onQueryChanged, what }: Props) {
  const rested = useDebounced(query.trim(), 300);
  const asked = useAsk("trail.count", { query: rested });
  const error = asked.error
    ? `${asked.error.message}${asked.error.hint ? `: ${asked.error.hint}` : ""}`
    : undefined;
  return (
    <div className="grid gap-1">
      <TextField
        label="Calls"
        mono
        value={query}
        onChange={onQueryChanged}
        error={error}
        placeholder="started_at:2026-11-01..2026-11-30"
      />
      <p className="text-sm text-muted" role="status">
        {asked.error ? (
          "The query can't be read."
        ) : asked.data ? (
          <>
            <TrailLink query={rested}>{counted(asked.data.matching, "call")}</TrailLink> of{" "}
            {count(asked.data.stored)} match{query.trim() === "" && ": all of them"}. {what}
          </>
        ) : (
          "Counting…"
        )}
      </p>
    </div>
  );
}

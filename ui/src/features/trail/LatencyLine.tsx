// How long the calls took that match: percentiles, with how many calls they are of.

import { count, duration } from "@/lib/format";
import { useAsk } from "@/lib/query";

/** Nothing where no matching call carries a latency. */
export function LatencyLine({ query }: { query: string }) {
  const { data } = useAsk("trail.latency", { query });
  if (!data || data.percentiles.length === 0) return null;
  const of = data.known === data.matching ? "all" : `${count(data.known)} of ${count(data.matching)}`;
  // How many they are of stands first, so that a narrow window never cuts it off.
  return (
    <span className="ml-auto truncate tabular-nums max-[900px]:hidden">
      Latency, known for {of}:{" "}
      {data.percentiles.map((one, index) => (
        <span key={one.percent}>
          {index > 0 && " · "}p{one.percent}{" "}
          <span
            className="text-ink"
            title={one.from_ms === one.to_ms ? undefined : `${count(one.from_ms)} to ${count(one.to_ms)} ms`}
          >
            {one.from_ms === one.to_ms ? "" : "≤ "}
            {duration(one.to_ms)}
          </span>
        </span>
      ))}
    </span>
  );
}

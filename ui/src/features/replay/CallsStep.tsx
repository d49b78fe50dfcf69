// Which calls are sent again: a query of the trail, and how many of them.

import { TextField } from "@/components/form/TextField";
import { TrailLink } from "@/components/TrailLink";
import { limitProblem } from "@/features/replay/choices";
import { Step } from "@/features/replay/Step";
import { count, counted } from "@/lib/format";
import { useAsk } from "@/lib/query";
import { useDebounced } from "@/lib/useDebounced";

type Props = {
  query: string;
  limit: string;
  onQueryChanged: (query: string) => void;
  onLimitChanged: (limit: string) => void;
};

export function CallsStep({ query, limit, onQueryChanged, onLimitChanged }: Props) {
  const rested = useDebounced(query, 200);
  const asked = useAsk("trail.count", { query: rested });
  const error = asked.error
    ? `${asked.error.message}${asked.error.hint ? `: ${asked.error.hint}` : ""}`
    : undefined;
  return (
    <Step number={1} title="Calls">
      <div className="grid grid-cols-[1fr_auto] items-start gap-3">
        <TextField
          label="Query"
          mono
          value={query}
          onChange={onQueryChanged}
          error={error}
          placeholder="deployment:claims status:ok"
        />
        <div className="w-24">
          <TextField
            label="At most"
            value={limit}
            onChange={onLimitChanged}
            error={limitProblem(limit)}
            inputMode="numeric"
          />
        </div>
      </div>
      <p className="text-muted" role="status">
        {asked.data && !asked.error ? (
          <>
            <TrailLink query={rested}>{counted(asked.data.matching, "call")}</TrailLink> of{" "}
            {count(asked.data.stored)} match. The newest are taken, up to the limit.
          </>
        ) : (
          "Counting…"
        )}
      </p>
    </Step>
  );
}

// How the calls of a run ended: of all its calls, and same or changed of those that were compared.

import { IN_FLIGHT, ITEM_STATES } from "@/features/replay/states";
import type { ReplayRun } from "@/lib/bindings";
import { count, counted, percent } from "@/lib/format";

/** Calls in a state that no count of the run names: sent, and nobody knows how they ended. */
function unknownCalls(run: ReplayRun): number {
  return run.calls - run.compared - run.not_compared - run.errors - run.refused - run.not_run;
}

type Row = { state: string; value: number; of: number; what?: string };

export function RunCounts({ run }: { run: ReplayRun }) {
  const rows: readonly Row[] = [
    { state: "same", value: run.same, of: run.compared, what: " compared" },
    { state: "changed", value: run.changed, of: run.compared, what: " compared" },
    { state: "not_compared", value: run.not_compared, of: run.calls },
    { state: "error", value: run.errors, of: run.calls },
    { state: "refused", value: run.refused, of: run.calls },
    { state: "not_run", value: run.not_run, of: run.calls },
  ];
  const unknown = unknownCalls(run);
  const open: Row = { state: run.state === "running" ? IN_FLIGHT : "unknown", value: unknown, of: run.calls };
  const shown = unknown > 0 ? [...rows, open] : rows;
  return (
    <dl aria-label={`Of ${counted(run.calls, "call")}`} className="flex flex-wrap gap-2">
      {shown.map(({ state, value, of, what }) => (
        <div key={state} className="min-w-28 rounded-control border border-line bg-surface px-3 py-2">
          <dt className="text-sm text-muted">{ITEM_STATES[state]?.title ?? state}</dt>
          <dd>
            <span className="text-lg font-semibold">{count(value)}</span>
            <span className="text-sm text-muted">
              {" "}
              of {count(of)}
              {what} · {percent(value, of)}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

// How the calls of a run ended, each of all its calls.

import { IN_FLIGHT, ITEM_STATES } from "@/features/replay/states";
import type { ReplayRun } from "@/lib/bindings";
import { count, percent } from "@/lib/format";

/** Calls in a state that no count of the run names: sent, and nobody knows how they ended. */
function unknownCalls(run: ReplayRun): number {
  return run.calls - run.same - run.changed - run.errors - run.refused - run.not_run;
}

export function RunCounts({ run }: { run: ReplayRun }) {
  const rows: readonly [string, number][] = [
    ["same", run.same],
    ["changed", run.changed],
    ["error", run.errors],
    ["refused", run.refused],
    ["not_run", run.not_run],
  ];
  const unknown = unknownCalls(run);
  const shown: readonly [string, number][] =
    unknown > 0 ? [...rows, [run.state === "running" ? IN_FLIGHT : "unknown", unknown]] : rows;
  return (
    <dl aria-label={`Of ${run.calls} calls`} className="flex flex-wrap gap-2">
      {shown.map(([state, value]) => (
        <div key={state} className="min-w-28 rounded-control border border-line bg-surface px-3 py-2">
          <dt className="text-sm text-muted">{ITEM_STATES[state]?.title ?? state}</dt>
          <dd>
            <span className="text-lg font-semibold">{count(value)}</span>
            <span className="text-sm text-muted">
              {" "}
              of {count(run.calls)} · {percent(value, run.calls)}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

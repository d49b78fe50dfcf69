// The runs of guards, newest first; each opens its figures.

import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { GUARD_STATES, isPart } from "@/features/redaction/guards";
import type { GuardRunRow } from "@/lib/bindings";
import { count, share } from "@/lib/format";
import { useAsk } from "@/lib/query";

/** Of fewer a share says nothing. */
const FEW = 30;

function of(found: number, judged: number): string {
  if (judged === 0) return "none judged";
  return judged < FEW ? `${count(found)} of ${count(judged)}` : share(found, judged);
}

export function GuardRuns({ onOpened }: { onOpened: (run: string) => void }) {
  const asked = useAsk("redaction.guard_runs", {});
  const columns: readonly Column<GuardRunRow>[] = [
    {
      id: "started",
      title: "Started (UTC)",
      cell: (run) => (
        <button
          type="button"
          className="whitespace-nowrap text-accent underline"
          onClick={() => onOpened(run.id)}
        >
          <When at={run.started_at} form="cell" />
        </button>
      ),
    },
    { id: "guard", title: "Guard", cell: (run) => `${run.guard} at ${run.destination}` },
    {
      id: "state",
      title: "State",
      cell: (run) => (
        <span className="whitespace-nowrap">
          {GUARD_STATES[run.state] ?? run.state}
          {isPart(run.state) && <span className="block text-sm text-muted">a part only</span>}
        </span>
      ),
    },
    {
      id: "judged",
      title: "Texts judged",
      align: "right",
      cell: (run) => `${count(run.judged)} of ${count(run.texts)}`,
    },
    {
      id: "guard_found",
      title: "Guard found",
      align: "right",
      cell: (run) => of(run.guard_found, run.judged_planted),
    },
    {
      id: "local_found",
      title: "Local found",
      align: "right",
      cell: (run) => of(run.local_found, run.judged_planted),
    },
  ];
  return (
    <Panel title="Runs" flush>
      <Answered asked={asked} what="the runs">
        {(runs) =>
          runs.length === 0 ? (
            <p className="p-4 text-muted">No guard was measured yet. A plan sends nothing.</p>
          ) : (
            <Rows label="Runs of guards" rows={runs} rowKey={(run) => run.id} columns={columns} />
          )
        }
      </Answered>
    </Panel>
  );
}

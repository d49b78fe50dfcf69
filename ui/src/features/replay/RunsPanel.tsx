// The runs of this store, newest first.

import { Link } from "@tanstack/react-router";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { RUN_STATES } from "@/features/replay/states";
import type { ReplayRun } from "@/lib/bindings";
import { count, counted, usd } from "@/lib/format";
import { useAsk } from "@/lib/query";

const COLUMNS: readonly Column<ReplayRun>[] = [
  {
    id: "started",
    title: "Started (UTC)",
    cell: (run) => (
      <Link to="/replay/$run" params={{ run: run.id }} className="whitespace-nowrap text-accent underline">
        <When at={run.started_at} form="cell" />
      </Link>
    ),
  },
  {
    id: "state",
    title: "State",
    cell: (run) => (
      <>
        {RUN_STATES[run.state] ?? run.state}
        <span className="block text-sm text-muted">
          {counted(run.calls, "call")} · {run.backend} ·{" "}
          {run.policy === "none" ? "no redaction" : `policy ${run.policy}`}
        </span>
      </>
    ),
  },
  { id: "compared", title: "Compared", align: "right", cell: (run) => count(run.compared) },
  { id: "same", title: "Same", align: "right", cell: (run) => count(run.same) },
  { id: "changed", title: "Changed", align: "right", cell: (run) => count(run.changed) },
  { id: "errors", title: "Error", align: "right", cell: (run) => count(run.errors) },
  { id: "refused", title: "Refused", align: "right", cell: (run) => count(run.refused) },
  { id: "not_run", title: "Not run", align: "right", cell: (run) => count(run.not_run) },
  {
    id: "spent",
    title: "Spent",
    align: "right",
    cell: (run) => `${usd(run.spent_usd)}${run.budget_usd === null ? "" : ` of ${usd(run.budget_usd)}`}`,
  },
];

export function RunsPanel() {
  const asked = useAsk("replay.runs", {});
  return (
    <Panel title="Runs" flush>
      <Answered asked={asked} what="the runs">
        {(runs) =>
          runs.length === 0 ? (
            <p className="p-4 text-muted">
              Nothing was replayed yet. A plan sends nothing; the sandbox needs no key and no budget.
            </p>
          ) : (
            <Rows label="All runs" rows={runs} rowKey={(run) => run.id} columns={COLUMNS} />
          )
        }
      </Answered>
    </Panel>
  );
}

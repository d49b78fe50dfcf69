// One replay run: how far it is, how its calls ended, what it spent, and each comparison.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Facts } from "@/components/Facts";
import { Page } from "@/components/Page";
import { Answered } from "@/components/States";
import { When } from "@/components/text/When";
import { ComparisonView } from "@/features/replay/ComparisonView";
import { RunCounts } from "@/features/replay/RunCounts";
import { RunItems } from "@/features/replay/RunItems";
import { RunProgress } from "@/features/replay/RunProgress";
import { RUN_STATES } from "@/features/replay/states";
import { useRun } from "@/features/replay/useRun";
import type { Job, ReplayRun } from "@/lib/bindings";
import { counted, usd } from "@/lib/format";

export function RunScreen() {
  const { run: id } = useParams({ from: "/replay/$run" });
  const { asked, job } = useRun(id);
  return (
    <Page
      title="Replay run"
      about={
        <Link to="/replay" className="text-accent underline">
          All runs
        </Link>
      }
    >
      <Answered asked={asked} what="the run">
        {(run) => <Run run={run} job={job} />}
      </Answered>
    </Page>
  );
}

function spent({ spent_usd, spent_unknown, budget_usd }: ReplayRun): string {
  const of = budget_usd === null ? "" : ` of ${usd(budget_usd)}`;
  const unknown =
    spent_unknown > 0 ? ` · the cost of ${counted(spent_unknown, "sent call")} is not known` : "";
  return `${usd(spent_usd)}${of}${unknown}`;
}

/** A run that never said how it ended, and that no job of this program carries out. */
function stateOf(run: ReplayRun, job: Job | undefined): string {
  if (run.state === "running" && job === undefined) {
    return "Not ended, and not carried out by this program now. What was sent is kept.";
  }
  return RUN_STATES[run.state] ?? run.state;
}

function Run({ run, job }: { run: ReplayRun; job: Job | undefined }) {
  const { call } = useSearch({ from: "/replay/$run" });
  const navigate = useNavigate({ from: "/replay/$run" });
  const item = run.items.find((other) => other.call_id === call);
  return (
    <div className="grid gap-4">
      {job && <RunProgress job={job} />}
      <RunCounts run={run} />
      <Facts
        facts={[
          { name: "State", value: stateOf(run, job) },
          { name: "Destination", value: `${run.destination} (${run.backend})` },
          { name: "Redaction", value: run.policy === "none" ? "none" : `policy ${run.policy}` },
          { name: "Spent", value: spent(run) },
          { name: "Started", value: <When at={run.started_at} /> },
          { name: "Ended", value: <When at={run.finished_at} /> },
        ]}
      />
      <div
        className={
          item
            ? "grid items-start gap-4 min-[900px]:grid-cols-[minmax(320px,2fr)_minmax(0,3fr)]"
            : "grid gap-4"
        }
      >
        <RunItems
          run={run}
          chosen={call}
          onChosen={(chosen) => void navigate({ search: { call: chosen }, resetScroll: false })}
        />
        {item && <ComparisonView run={run.id} item={item} onClosed={() => void navigate({ search: {} })} />}
      </div>
    </div>
  );
}

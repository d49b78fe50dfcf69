// Guards: filters of others, what they find of planted values, beside the local rules.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { Answered, Empty } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { GuardDialog } from "@/features/redaction/GuardDialog";
import { GuardKeyDialog } from "@/features/redaction/GuardKeyDialog";
import { GuardRuns } from "@/features/redaction/GuardRuns";
import { GuardRunView } from "@/features/redaction/GuardRunView";
import { guardKey, guardKind } from "@/features/redaction/guards";
import { MeasureDialog } from "@/features/redaction/MeasureDialog";
import { RemoveGuardDialog } from "@/features/redaction/RemoveGuardDialog";
import type { GuardRow, PolicyRow, RunGuard } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { run as begin, useJobs } from "@/lib/jobs";
import { useAsk, useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

type Open = { what: "nothing" | "add" } | { what: "edit" | "key" | "remove" | "measure"; guard: GuardRow };

type Props = {
  policies: readonly PolicyRow[];
  /** The run that is open. */
  run: string | undefined;
  onRunOpened: (run: string) => void;
  onRunClosed: () => void;
};

export function GuardsTab({ policies, run, onRunOpened, onRunClosed }: Props) {
  const asked = useAsk("redaction.guards", {});
  const [open, setOpen] = useState<Open>({ what: "nothing" });
  const cancel = useDo("jobs.cancel");
  const job = useJobs().find((one) => one.command === "redaction.run_guard" && one.state === "running");
  const close = () => setOpen({ what: "nothing" });
  const start = (asked: RunGuard) => {
    close();
    begin("redaction.run_guard", asked).then((ended) => {
      say(
        `${ended.run.guard}: ${count(ended.run.judged)} of ${counted(ended.run.texts, "text")} were judged.`,
      );
      onRunOpened(ended.run.id);
    }, sayProblem);
  };
  const columns: readonly Column<GuardRow>[] = [
    { id: "name", title: "Guard", cell: (guard) => guard.name },
    { id: "kind", title: "Kind", cell: (guard) => guardKind(guard.kind) },
    {
      id: "to",
      title: "Sends to",
      cell: (guard) => (
        <>
          <code className="wrap-anywhere">{guard.destination}</code>
          {guard.is_loopback && <span className="block text-sm text-muted">this computer</span>}
        </>
      ),
    },
    { id: "key", title: "Key", width: "22%", cell: guardKey },
    {
      id: "do",
      title: "Actions",
      cell: (guard) => (
        <div className="flex flex-wrap gap-2">
          <Button
            tone="primary"
            isDisabled={job !== undefined}
            onPress={() => setOpen({ what: "measure", guard })}
          >
            Measure…
          </Button>
          <Button onPress={() => setOpen({ what: "edit", guard })}>Edit…</Button>
          {guard.auth !== "none" && <Button onPress={() => setOpen({ what: "key", guard })}>Set key…</Button>}
          <Button onPress={() => setOpen({ what: "remove", guard })}>Remove…</Button>
        </div>
      ),
    },
  ];
  const add = <Button onPress={() => setOpen({ what: "add" })}>Add a guard…</Button>;
  return (
    <div className="grid gap-4">
      {run !== undefined && <GuardRunView run={run} onClosed={onRunClosed} />}
      {job && (
        <div className="grid gap-2 rounded-control border border-line bg-surface p-4">
          <ProgressBar job={job} />
          <div className="flex flex-wrap items-center gap-3">
            <Button
              isDisabled={cancel.isPending || cancel.isSuccess}
              onPress={() => cancel.mutate({ job: job.id })}
            >
              {cancel.isSuccess ? "Stopping…" : "Stop"}
            </Button>
            <span className="text-muted">
              Stops sending and keeps the verdicts that are there; the rest counts as not asked.
            </span>
          </div>
        </div>
      )}
      {run === undefined && (
        <>
          <Panel title="Guards" flush actions={add}>
            <Answered asked={asked} what="the guards">
              {(guards) =>
                guards.length === 0 ? (
                  <Empty title="No guard yet" action={add}>
                    A guard is a filter outside this program: Presidio, Bedrock Guardrails or an endpoint of
                    your own. Only synthetic texts are sent to one, after a plan that says how many and where.
                  </Empty>
                ) : (
                  <Rows label="Guards" rows={guards} rowKey={(guard) => guard.name} columns={columns} />
                )
              }
            </Answered>
          </Panel>
          <GuardRuns onOpened={onRunOpened} />
        </>
      )}
      {open.what === "add" && <GuardDialog guard={undefined} onClosed={close} />}
      {open.what === "edit" && <GuardDialog guard={open.guard} onClosed={close} />}
      {open.what === "key" && <GuardKeyDialog guard={open.guard} onClosed={close} />}
      {open.what === "remove" && <RemoveGuardDialog guard={open.guard} onClosed={close} />}
      {open.what === "measure" && (
        <MeasureDialog guard={open.guard} policies={policies} onClosed={close} onConfirmed={start} />
      )}
    </div>
  );
}

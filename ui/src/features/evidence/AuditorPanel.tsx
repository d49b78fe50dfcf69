// Verify as the auditor would: the commands of a pack's instructions, really run by the tools of this
// computer, each with what it printed. What was not run is never shown as passed.

import { useState } from "react";
import { Button } from "@/components/Button";
import { StepChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { Problem } from "@/components/States";
import type { ToolStep, ToolsRun, WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { count } from "@/lib/format";
import { host } from "@/lib/host";
import { run, useJob } from "@/lib/jobs";

type Picked = { handle: string; name: string };

type Props = { pack: Picked | null; onChosen: (file: Picked) => void };

export function AuditorPanel({ pack, onChosen }: Props) {
  const [jobId, setJobId] = useState<number | null>(null);
  const [ran, setRan] = useState<{ name: string; outcome: ToolsRun } | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const job = useJob(jobId);
  const isRunning = job?.state === "running";
  const start = async (chosen: Picked | null) => {
    setRan(null);
    setError(null);
    try {
      const file = chosen ?? (await host().pickFiles())[0];
      if (!file) return;
      onChosen(file);
      const outcome = await run("evidence.run_tools", { handle: file.handle }, setJobId);
      setRan({ name: file.name, outcome });
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  return (
    <Panel title="Verify as the auditor would">
      <div className="grid gap-3">
        <p className="text-muted">
          Unpacks the pack into a private folder and runs the commands of its instructions with sha256sum,
          openssl and python3 from this computer. The folder is removed afterwards.
        </p>
        <div>
          <Button isDisabled={isRunning} onPress={() => void start(pack)}>
            {pack === null ? "Choose a pack and run…" : `Run over ${pack.name}`}
          </Button>
        </div>
        {job && isRunning && <ProgressBar job={job} />}
        {error && <Problem error={error} what="run the commands" />}
        {ran && (
          <div role="status" className="grid gap-3 border-t border-line pt-3">
            <p className="[overflow-wrap:anywhere]">
              {ran.name}: of {count(ran.outcome.steps.length)} commands {count(ran.outcome.passed)} passed,{" "}
              {count(ran.outcome.failed)} failed, {count(ran.outcome.not_run)} not run.
            </p>
            <ol className="grid gap-3">
              {ran.outcome.steps.map((step) => (
                <StepRow key={`${step.shows}${step.command}`} step={step} />
              ))}
            </ol>
          </div>
        )}
      </div>
    </Panel>
  );
}

function StepRow({ step }: { step: ToolStep }) {
  return (
    <li className="grid gap-1">
      <p className="flex items-start gap-2">
        <StepChip outcome={step.outcome} />
        <span className="min-w-0">
          {step.shows}
          {step.reason !== null && ` (${step.reason})`}
        </span>
      </p>
      {step.command !== "" && (
        <pre className="rounded-control border border-line bg-surface2 p-2 text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
          $ {step.command}
          {step.output !== "" && `\n${step.output}`}
        </pre>
      )}
    </li>
  );
}

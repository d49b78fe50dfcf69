// Checking the store for damage: how deep, how far it is, and what was found and was not looked at.

import { CircleCheck, OctagonX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Select } from "@/components/form/Select";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { Sentences } from "@/components/Sentences";
import { Problem } from "@/components/States";
import { When } from "@/components/text/When";
import type { EvidenceStatus, StoreCheck, WireError } from "@/lib/bindings";
import { asWireError, call } from "@/lib/call";
import { count, counted } from "@/lib/format";
import { host } from "@/lib/host";
import { run, useJob } from "@/lib/jobs";
import { sayProblem } from "@/lib/toasts";

const DEPTHS = [
  { id: "tree", title: "Tree", about: "Tiles, checkpoints, their signatures" },
  { id: "leaves", title: "Leaves", about: "And every leaf, and the rows that tell of it" },
  { id: "records", title: "Records", about: "And every record's bytes and every row" },
];
/** Damage that is listed; the terminal lists all of it. */
const LISTED = 20;

export function CheckPanel({ status }: { status: EvidenceStatus }) {
  const [depth, setDepth] = useState("records");
  const [jobId, setJobId] = useState<number | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const job = useJob(jobId);
  const isRunning = job?.state === "running";
  const check = async (against: string[]) => {
    setError(null);
    try {
      await run("evidence.fsck", { depth, against }, setJobId);
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  const compare = async () => {
    try {
      const chosen = await host().pickFiles();
      if (chosen.length > 0) await check(chosen.map((file) => file.handle));
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  return (
    <Panel title="Check the store">
      <div className="grid gap-3">
        <p>{status.checked_at_opening}</p>
        <div className="flex flex-wrap items-end gap-2">
          <Select
            label="How deep"
            options={DEPTHS}
            chosen={depth}
            onChosen={setDepth}
            isDisabled={isRunning}
          />
          <Button isDisabled={isRunning} onPress={() => void check([])}>
            Check now
          </Button>
          <Button isDisabled={isRunning} onPress={() => void compare()}>
            Compare with a pack or checkpoint…
          </Button>
        </div>
        {job && isRunning && (
          <div className="flex items-center gap-2">
            <div className="min-w-0 flex-1">
              <ProgressBar job={job} />
            </div>
            <Button onPress={() => void call("jobs.cancel", { job: job.id }).catch(sayProblem)}>Stop</Button>
          </div>
        )}
        {error && <Problem error={error} what="check the store" />}
        {status.last_check ? <Found check={status.last_check} /> : <p>No check of this store is known.</p>}
      </div>
    </Panel>
  );
}

function Found({ check }: { check: StoreCheck }) {
  const Icon = check.ok ? CircleCheck : OctagonX;
  return (
    <div role="status" className="grid gap-2 border-t border-line pt-3">
      <p className={`flex items-start gap-2 font-semibold ${check.ok ? "" : "text-danger"}`}>
        <Icon aria-hidden size={16} className="mt-0.5 shrink-0" />
        {check.ok
          ? `Nothing damaged: ${counted(check.size, "record")}, depth ${check.depth}`
          : `Damaged: ${counted(check.damaged, "place")}, depth ${check.depth}`}
      </p>
      {!check.ok && (
        <>
          <ul className="grid list-disc gap-1 pl-5">
            {check.damage.slice(0, LISTED).map((one) => (
              <li key={`${one.table} ${one.record} ${one.sentence}`} className="[overflow-wrap:anywhere]">
                {one.sentence}{" "}
                <span className="text-muted">
                  {one.what} · {one.table}
                  {one.column === null ? "" : `.${one.column}`} · {one.record}
                </span>
              </li>
            ))}
          </ul>
          {check.damaged > LISTED && (
            <p>And {count(check.damaged - LISTED)} more: `assay evidence fsck` lists them.</p>
          )}
          <h3>What to do</h3>
          <Sentences of={check.what_to_do} />
        </>
      )}
      <Facts
        facts={[
          { name: "Checked", value: <When at={check.at} /> },
          ...Object.entries(check.checked).map(([name, part]) => ({
            name: name.charAt(0).toUpperCase() + name.slice(1),
            value: `${count(part?.checked ?? 0)} of ${count(part?.of ?? 0)} sound`,
          })),
        ]}
      />
      <h3>Not checked</h3>
      <Sentences of={check.not_checked} />
    </div>
  );
}

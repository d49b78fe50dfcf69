// Exporting the records that match: as a table or as lines, masked unless a reason is given, or as an
// evidence pack; after saying what goes into it and about how large it becomes.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { RadioChoice } from "@/components/form/RadioChoice";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { ProgressBar } from "@/components/ProgressBar";
import { Refusal } from "@/components/Refusal";
import { type Exported, ExportWritten } from "@/features/trail/ExportWritten";
import { useApproval } from "@/lib/approving";
import type { ExportPlan, WireError } from "@/lib/bindings";
import { asWireError, call } from "@/lib/call";
import { bytes, count, counted, words } from "@/lib/format";
import { host } from "@/lib/host";
import { run, useJob } from "@/lib/jobs";
import { useAsk } from "@/lib/query";

type Props = {
  query: string;
  records: "calls" | "activities";
  isOpen: boolean;
  onClosed: () => void;
};

const LEAST = 10;
const FORMATS = [
  { id: "csv", title: "CSV", about: "A table for any program" },
  { id: "jsonl", title: "JSON Lines", about: "Every value as it is" },
  { id: "xlsx", title: "Excel workbook", about: "A table with types" },
];
const PACK = { id: "pack", title: "Evidence pack", about: "Original records with their proofs" };

export function ExportDialog({ query, records, isOpen, onClosed }: Props) {
  const [format, setFormat] = useState("csv");
  const [columns, setColumns] = useState<readonly string[] | null>(null);
  const [text, setText] = useState("masked");
  const [reason, setReason] = useState("");
  const [id, setId] = useState<number | null>(null);
  const [done, setDone] = useState<Exported | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const job = useJob(id);
  const isRunning = job?.state === "running";
  const isPack = format === "pack";
  const isOriginal = !isPack && text === "original" && records === "calls";
  const chosen = columns === null ? {} : { columns: [...columns] };
  const asked = { query, records, format: isPack ? "csv" : format, ...chosen };
  const plan = useAsk("trail.plan_export", asked, { enabled: isOpen });
  const originals = { query, format: asked.format, reason: reason.trim(), ...chosen };
  const packApproval = useApproval("evidence.pack", { query }, isOpen && isPack);
  const ownApproval = useApproval("trail.export_originals", originals, isOpen && isOriginal);
  const approval = isPack ? packApproval : ownApproval;
  const isGuarded = isPack || isOriginal;
  const mustAsk = isGuarded && approval.isNeeded && !approval.isFree;
  const isTold = !isOriginal || reason.trim().length >= LEAST;
  const problem = error ?? plan.error ?? (isGuarded ? approval.error : null);
  const word = records === "calls" ? (["call", "calls"] as const) : (["activity", "activities"] as const);

  const close = () => {
    setDone(null);
    setError(null);
    setId(null);
    setText("masked");
    setReason("");
    onClosed();
  };
  const stop = () => {
    if (id !== null) void call("jobs.cancel", { job: id });
  };
  const write = async () => {
    setError(null);
    try {
      const place = await host().pickSave(isPack ? "evidence.zip" : `${records}.${format}`);
      if (!place) return;
      const handle = place.handle ? { handle: place.handle } : {};
      if (isPack) setDone({ kind: "pack", pack: await run("evidence.pack", { query, ...handle }, setId) });
      else if (isOriginal)
        setDone({
          kind: "rows",
          rows: await run("trail.export_originals", { ...originals, ...handle }, setId),
        });
      else setDone({ kind: "rows", rows: await run("trail.export", { ...asked, ...handle }, setId) });
    } catch (problem) {
      const failed = asWireError(problem);
      if (failed.code !== "cancelled") setError(failed);
    }
  };

  if (done) return <ExportWritten done={done} word={word} isOpen={isOpen} onClosed={close} />;
  const rows = plan.data?.rows;
  return (
    <Dialog
      title={rows === undefined ? "Export" : `Export ${counted(rows, word[0], word[1])}?`}
      isOpen={isOpen}
      onClosed={isRunning ? stop : close}
      width="wide"
      actions={
        <>
          <Button onPress={isRunning ? stop : close}>{isRunning ? "Stop" : "Cancel"}</Button>
          <Button
            tone="primary"
            isDisabled={
              isRunning || !plan.data || !isTold || (mustAsk && (!approval.canAsk || approval.isAsking))
            }
            onPress={() => (mustAsk ? approval.ask() : void write())}
          >
            {!mustAsk
              ? "Choose a place and export"
              : approval.canAsk
                ? "Ask for approval"
                : "Asked for approval"}
          </Button>
        </>
      }
    >
      <RadioChoice
        label="As"
        options={records === "calls" ? [...FORMATS, PACK] : FORMATS}
        chosen={format}
        onChosen={setFormat}
        direction="across"
      />
      {isPack ? (
        <p>
          The pack holds the <strong>original records</strong>, not masked, each with its proof of standing in
          the evidence tree, and how to check it without this program.
        </p>
      ) : (
        plan.data && (
          <>
            <Columns plan={plan.data} chosen={columns} onChosen={setColumns} />
            {records === "calls" && (
              <RadioChoice
                label="Text and names"
                options={[
                  {
                    id: "masked",
                    title: "Masked",
                    about: `By the policy in force: ${plan.data.policy} ${plan.data.policy_version}`,
                  },
                  {
                    id: "original",
                    title: "Original",
                    about: "With the personal data. Who did it and why is written to the trail first.",
                  },
                ]}
                chosen={text}
                onChosen={setText}
                direction="across"
              />
            )}
            {isOriginal && (
              <TextField
                label="Why is the original needed?"
                help={`At least ${LEAST} characters; kept in the trail and in the manifest.`}
                value={reason}
                onChange={setReason}
              />
            )}
            <p role="status">
              {plan.data.bytes === null
                ? "No row: the file holds only its head."
                : `About ${bytes(plan.data.bytes)}, ${counted(plan.data.rows, "row")}.`}
              {(plan.data.sheets ?? 1) > 1 && ` ${plan.data.notes[0]}`}
            </p>
          </>
        )
      )}
      <p className="text-muted">
        {query === "" ? (
          `All ${word[1]} in the store.`
        ) : (
          <>
            Query: <code className="break-all">{query.length > 200 ? `${query.slice(0, 200)}…` : query}</code>
          </>
        )}{" "}
        The export is written to the trail.{" "}
        {!isPack && "A manifest beside the file says query, rows and hash. "}
        Nothing leaves this computer.
      </p>
      {isGuarded && approval.isNeeded && <ApprovalNote request={approval.request} />}
      {isRunning && job && <ProgressBar job={job} />}
      <Refusal error={problem} />
    </Dialog>
  );
}

type ColumnsProps = {
  plan: ExportPlan;
  chosen: readonly string[] | null;
  onChosen: (columns: readonly string[] | null) => void;
};

function Columns({ plan, chosen, onChosen }: ColumnsProps) {
  const all = plan.columns.map((column) => column.name);
  const standard = plan.columns.filter((column) => column.standard).map((column) => column.name);
  const now = chosen ?? standard;
  const change = (name: string, on: boolean) => {
    const next = all.filter((other) => (other === name ? on : now.includes(other)));
    onChosen(next.join() === standard.join() ? null : next);
  };
  return (
    <details>
      <summary className="cursor-default font-semibold">
        {count(now.length)} of {count(all.length)} columns
      </summary>
      <fieldset className="mt-1 grid grid-cols-3 gap-x-3 max-[900px]:grid-cols-2">
        <legend className="sr-only">Columns</legend>
        {plan.columns.map((column) => (
          <Checkbox
            key={column.name}
            label={column.text ? `${words(column.name)} text (slower)` : words(column.name)}
            isSelected={now.includes(column.name)}
            isDisabled={now.length === 1 && now.includes(column.name)}
            onChange={(on) => change(column.name, on)}
          />
        ))}
      </fieldset>
    </details>
  );
}

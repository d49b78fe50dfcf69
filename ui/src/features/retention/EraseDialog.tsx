// Confirming the erasure of what was found: the request, the ground, and the phrase.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { ErasedResult } from "@/features/retention/ErasedResult";
import { useErasing } from "@/features/retention/useErasing";
import { useApproval } from "@/lib/approving";
import type { Basis, FoundSubject } from "@/lib/bindings";
import { counted } from "@/lib/format";

type Props = {
  found: FoundSubject;
  bases: readonly Basis[];
  onClosed: () => void;
  onDone: () => void;
};

export function EraseDialog({ found, bases, onClosed, onDone }: Props) {
  const [request, setRequest] = useState("");
  const [basis, setBasis] = useState(bases[0]?.name ?? "");
  const [typed, setTyped] = useState("");
  const [withFiles, setWithFiles] = useState(false);
  const erasing = useErasing("retention.erase");
  const unsearchable = found.files.filter((file) => file.why === "unsearchable").length;
  const input = {
    found: found.found,
    request: request.trim(),
    basis,
    phrase: typed.trim(),
    unsearchable_files: withFiles,
  };
  const isWhole = /^[A-Za-z0-9._-]{1,64}$/.test(input.request) && input.phrase === found.phrase;
  const approval = useApproval("retention.erase", input, isWhole);
  if (erasing.done) return <ErasedResult done={erasing.done} onClosed={onDone} />;
  return (
    <Dialog
      title={`Erase ${counted(found.records - found.held, "record")} of one person for good?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep them</Button>
          {approval.isNeeded && !approval.isFree ? (
            <Button tone="primary" isDisabled={!approval.canAsk || approval.isAsking} onPress={approval.ask}>
              {approval.canAsk ? "Ask for approval" : "Asked for approval"}
            </Button>
          ) : (
            <Button
              tone="danger"
              isDisabled={!isWhole || erasing.isRunning}
              onPress={() => void erasing.begin(input)}
            >
              Erase
            </Button>
          )}
        </>
      }
    >
      <p>
        Text and what is personal in these records is destroyed. Their leaves, counts and costs stay, so that
        totals and proofs still hold.
        {found.held > 0 && ` ${counted(found.held, "record")} wait in the request until no hold covers them.`}
      </p>
      <TextField
        label="Request"
        autoFocus
        value={request}
        onChange={setRequest}
        help="The number of the ticket or letter: letters, digits, dot, dash. It stays, so it must not name the person."
      />
      <Select
        label="Ground"
        chosen={basis}
        onChosen={setBasis}
        options={bases.map((row) => ({ id: row.name, title: row.title }))}
      />
      {unsearchable > 0 && (
        <Checkbox
          label={`Also delete ${counted(unsearchable, "file")} that can't be searched`}
          isSelected={withFiles}
          onChange={setWithFiles}
        />
      )}
      <TextField label={`To erase them, type ${found.phrase}`} mono value={typed} onChange={setTyped} />
      {approval.isNeeded && <ApprovalNote request={approval.request} />}
      {approval.error && <Problem error={approval.error} what="ask for approval" />}
      {erasing.error && <Problem error={erasing.error} what="erase them" />}
    </Dialog>
  );
}

// Disposing of text that is due: what goes, what stays, and the phrase that confirms it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { ErasedResult } from "@/features/retention/ErasedResult";
import { useErasing } from "@/features/retention/useErasing";
import type { DueText } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

type Props = { due: DueText; phrase: string; records: number; onClosed: () => void };

export function DisposeDialog({ due, phrase, records, onClosed }: Props) {
  const [typed, setTyped] = useState("");
  const erasing = useErasing("retention.dispose");
  if (erasing.done) return <ErasedResult done={erasing.done} onClosed={onClosed} />;
  return (
    <Dialog
      title={`Erase the text of ${counted(due.records, "record")} for good?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep it</Button>
          <Button
            tone="danger"
            isDisabled={typed.trim() !== phrase || erasing.isRunning}
            onPress={() => void erasing.begin({ phrase })}
          >
            Dispose
          </Button>
        </>
      }
    >
      <p>
        {count(due.records)} of {counted(records, "record")} from {due.from_day} to {due.to_day} lose their
        text and what is personal in them. Leaves, counts and costs stay.
        {due.held > 0 && ` ${counted(due.held, "record")} that are due stay, since a hold covers them.`}
        {due.packs > 0 &&
          ` ${counted(due.packs, "evidence pack")} in the store's folder that hold this text are deleted.`}
      </p>
      <TextField label={`To erase it, type ${phrase}`} mono autoFocus value={typed} onChange={setTyped} />
      {erasing.error && <Problem error={erasing.error} what="dispose of it" />}
    </Dialog>
  );
}

// Ending a waiver before its time: the finding is open again, and the trail says why.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import type { FindingRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { finding: FindingRow; onClosed: () => void };

export function EndWaiverDialog({ finding, onClosed }: Props) {
  const [reason, setReason] = useState("");
  const end = useDo("checks.end_waiver");
  const submit = () => {
    end.mutate(
      { id: finding.id, reason },
      {
        onSuccess: () => {
          onClosed();
          say("The waiver is ended. The finding is open again.");
        },
      },
    );
  };
  return (
    <Dialog
      title="End this waiver?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep the waiver</Button>
          <Button tone="primary" isDisabled={reason.trim() === "" || end.isPending} onPress={submit}>
            End waiver
          </Button>
        </>
      }
    >
      <p>The finding has its own verdict again. The waiver stays on record.</p>
      <TextField label="Reason" autoFocus lines={2} value={reason} onChange={setReason} />
      {end.error && <Problem error={end.error} what="end the waiver" />}
    </Dialog>
  );
}

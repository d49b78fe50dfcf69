// Why somebody reads a text of a call in a test set: in the trail before it is shown.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import type { CaseRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";

type Props = {
  text: number;
  policy: { policy?: string; policy_toml?: string };
  onClosed: () => void;
  onRevealed: (row: CaseRow) => void;
};

const LEAST = 10;

export function RevealTextDialog({ text, policy, onClosed, onRevealed }: Props) {
  const [reason, setReason] = useState("Labelling what redaction missed");
  const reveal = useDo("redaction.reveal_text");
  return (
    <Dialog
      title="Reveal the original of this text?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed} autoFocus>
            Cancel
          </Button>
          <Button
            tone="primary"
            isDisabled={reason.trim().length < LEAST || reveal.isPending}
            onPress={() =>
              reveal.mutate(
                { text, reason, ...policy },
                {
                  onSuccess: (row) => {
                    reveal.reset();
                    onRevealed(row);
                  },
                },
              )
            }
          >
            Reveal for 60 s
          </Button>
        </>
      }
    >
      <p>
        Your name, the time and the reason are written to the trail first. Of secrets only the last four
        characters are shown.
      </p>
      <TextField label="Reason" value={reason} onChange={setReason} help={`At least ${LEAST} characters`} />
      <Refusal error={reveal.error}>Nothing was revealed.</Refusal>
    </Dialog>
  );
}

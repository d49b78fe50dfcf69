// Why somebody reads the original text: recorded in the trail before the text is shown.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import type { Revealed } from "@/lib/bindings";
import { counted, shortId } from "@/lib/format";
import { useDo } from "@/lib/query";

type Props = {
  id: string;
  items: number;
  isOpen: boolean;
  onClosed: () => void;
  onRevealed: (text: Revealed) => void;
};

const REASONS = ["Investigating an incident", "Answering an access request", "Checking the redaction"];
const OTHER = "other";
const LEAST = 10;

export function RevealDialog({ id, items, isOpen, onClosed, onRevealed }: Props) {
  const [reason, setReason] = useState(REASONS[0] ?? OTHER);
  const [words, setWords] = useState("");
  const reveal = useDo("trail.reveal");
  const text = reason === OTHER ? words.trim() : [reason, words.trim()].filter(Boolean).join(": ");
  const isEnough = text.length >= LEAST;
  return (
    <Dialog
      title={`Reveal the original text of call ${shortId(id)}?`}
      isOpen={isOpen}
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed} autoFocus>
            Cancel
          </Button>
          <Button
            tone="primary"
            isDisabled={!isEnough || reveal.isPending}
            onPress={() =>
              reveal.mutate(
                { id, reason: text },
                {
                  onSuccess: (shown) => {
                    // The text is kept in one place only: where it is shown.
                    reveal.reset();
                    onRevealed(shown);
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
        {items === 0 ? "Nothing is masked in this call." : `${counted(items, "masked item")} will be shown.`}{" "}
        Your name, the time and the reason are written to the trail first. Of secrets only the last four
        characters are shown.
      </p>
      <Select
        label="Reason"
        options={[...REASONS.map((title) => ({ id: title, title })), { id: OTHER, title: "Other" }]}
        chosen={reason}
        onChosen={setReason}
      />
      <TextField
        label={reason === OTHER ? "Say why" : "More, if it helps the next reader"}
        value={words}
        onChange={setWords}
        help={reason === OTHER ? `At least ${LEAST} characters` : "A ticket, a request, a name"}
      />
      <Refusal error={reveal.error}>Nothing was revealed.</Refusal>
    </Dialog>
  );
}

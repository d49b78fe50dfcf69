// Which type a span has.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { typeTitle } from "@/features/redaction/entityTypes";
import { useAsk } from "@/lib/query";

type Props = { type: string; isChange: boolean; onClosed: () => void; onLabelled: (type: string) => void };

const OTHER = "other";
const FIRST = ["PERSON", "LOCATION", "ORGANIZATION", "EMAIL_ADDRESS", "PHONE_NUMBER", "SECRET", "ID_NUMBER"];

export function LabelDialog({ type, isChange, onClosed, onLabelled }: Props) {
  const recognizers = useAsk("redaction.recognizers", {});
  const known = [...FIRST, ...(recognizers.data ?? []).map((one) => one.entity_type), type].filter(
    (one) => one !== "",
  );
  const types = [...new Set(known)];
  const [chosen, setChosen] = useState(type === "" ? "PERSON" : type);
  const [other, setOther] = useState("");
  const meant = chosen === OTHER ? other : chosen;
  return (
    <Dialog
      title={isChange ? "What is it?" : "What was missed?"}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button tone="primary" isDisabled={meant.trim() === ""} onPress={() => onLabelled(meant)}>
            Label it
          </Button>
        </>
      }
    >
      <Select
        label="Type"
        chosen={chosen}
        onChosen={setChosen}
        options={[
          ...types.map((id) => ({ id, title: typeTitle(id) })),
          { id: OTHER, title: "another type…" },
        ]}
      />
      {chosen === OTHER && (
        <TextField
          label="Another type"
          mono
          value={other}
          onChange={setOther}
          help="For example CLAIM_NUMBER"
        />
      )}
      <p className="text-muted">Your name and the time are kept with the label.</p>
    </Dialog>
  );
}

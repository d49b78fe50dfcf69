// A version of a policy as another tool's file, and what can't be said there.

import { useState } from "react";
import { Button } from "@/components/Button";
import { RadioChoice } from "@/components/form/RadioChoice";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Answered } from "@/components/States";
import { FORMS } from "@/features/redaction/forms";
import { LossList } from "@/features/redaction/LossList";
import type { PolicyRow } from "@/lib/bindings";
import { useAsk } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { policy: PolicyRow; onClosed: () => void };

export function ExportPolicyDialog({ policy, onClosed }: Props) {
  const [form, setForm] = useState("presidio");
  const asked = useAsk("redaction.export_policy", { name: policy.reference, form });
  return (
    <Dialog
      title={`Export ${policy.reference}`}
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Close</Button>
          <Button
            tone="primary"
            isDisabled={asked.data === undefined}
            onPress={() => {
              void navigator.clipboard.writeText(asked.data?.text ?? "").then(
                () => say(`Copied; keep it as ${asked.data?.file_name ?? "a file"}.`),
                () => say("The clipboard can’t be written here; select the text instead."),
              );
            }}
          >
            Copy
          </Button>
        </>
      }
    >
      <RadioChoice label="For" options={FORMS} chosen={form} onChosen={setForm} />
      <Answered asked={asked} what="the file">
        {(exported) => (
          <>
            <LossList losses={exported.losses} />
            <TextField
              label={exported.file_name}
              lines={10}
              mono
              value={exported.text}
              onChange={() => undefined}
              isReadOnly
            />
          </>
        )}
      </Answered>
    </Dialog>
  );
}

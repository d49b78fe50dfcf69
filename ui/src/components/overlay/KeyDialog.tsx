// Takes a key for the keychain, of whatever it opens. It is never shown again.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import type { WireError } from "@/lib/bindings";

type Props = {
  /** What it opens. */
  name: string;
  /** Where it goes, and how it is written. */
  help: string;
  saving: { isPending: boolean; error: WireError | null };
  onSaved: (key: string) => void;
  onClosed: () => void;
};

export function KeyDialog({ name, help, saving, onSaved, onClosed }: Props) {
  const [key, setKey] = useState("");
  return (
    <Dialog
      title={`Set the key of ${name}`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Close without saving</Button>
          <Button
            tone="primary"
            isDisabled={key === "" || saving.isPending}
            onPress={() => {
              onSaved(key);
            }}
          >
            Put into the keychain
          </Button>
        </>
      }
    >
      <TextField
        label="Key"
        type="password"
        mono
        autoFocus
        autoComplete="off"
        value={key}
        onChange={setKey}
        help={help}
      />
      <Refusal error={saving.error} />
    </Dialog>
  );
}

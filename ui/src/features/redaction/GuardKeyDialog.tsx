// Puts a guard's key into the keychain. It is never shown again.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refused } from "@/features/redaction/Refused";
import type { GuardRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { guard: GuardRow; onClosed: () => void };

export function GuardKeyDialog({ guard, onClosed }: Props) {
  const [key, setKey] = useState("");
  const save = useDo("redaction.set_guard_key");
  const submit = () =>
    save.mutate(
      { guard: guard.name, key },
      {
        onSuccess: (row) => {
          say(`The key of ${row.name} is in the keychain.`);
          onClosed();
        },
      },
    );
  return (
    <Dialog
      title={`Set the key of ${guard.name}`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Close without saving</Button>
          <Button tone="primary" isDisabled={key === "" || save.isPending} onPress={submit}>
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
        help={`Goes into this system's keychain and to ${guard.destination} only. With AWS: access key id, a colon, secret access key.`}
      />
      <Refused error={save.error} />
    </Dialog>
  );
}

// Puts a backend's key into the keychain. It is never shown again.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { hostOf } from "@/features/replay/backends";
import { Refusal } from "@/features/replay/Refusal";
import type { BackendRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { backend: BackendRow; onClosed: () => void };

export function KeyDialog({ backend, onClosed }: Props) {
  const [key, setKey] = useState("");
  const save = useDo("replay.set_key");
  return (
    <Dialog
      title={`Set the key of ${backend.name}`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Close without saving</Button>
          <Button
            tone="primary"
            isDisabled={key === "" || save.isPending}
            onPress={() =>
              save.mutate(
                { backend: backend.name, key },
                {
                  onSuccess: (row) => {
                    say(
                      `The key of ${row.name} is in the keychain${row.key_last4 ? ` and ends in ${row.key_last4}` : ""}.`,
                    );
                    onClosed();
                  },
                },
              )
            }
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
        help={`Goes into this system's keychain and to ${hostOf(backend.base_url)} only. It isn't shown again, but for its last four characters, and isn't kept in the store.`}
      />
      <Refusal error={save.error} />
    </Dialog>
  );
}

// Making the key of whoever sits here. Its secret never comes to the page.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

export function OwnKeyDialog({ onClosed }: { onClosed: () => void }) {
  const [name, setName] = useState("");
  const make = useDo("approvals.create_key");
  return (
    <Dialog
      title="Make your key?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Not now</Button>
          <Button
            tone="primary"
            isDisabled={name.trim().length < 2 || make.isPending}
            onPress={() =>
              make.mutate(
                { name },
                {
                  onSuccess: () => {
                    say("Your key was made. Read its fingerprint out to whoever registers it.");
                    onClosed();
                  },
                },
              )
            }
          >
            Make my key
          </Button>
        </>
      }
    >
      <p>
        With it you ask, approve and refuse. The secret stays in your keychain, or where there is none in a
        file that only you can read; the store holds the public key only.
      </p>
      <TextField
        label="Your name"
        autoFocus
        value={name}
        onChange={setName}
        help="As it stands in the trail and in reports"
      />
      {make.error && <Problem error={make.error} what="make the key" />}
    </Dialog>
  );
}

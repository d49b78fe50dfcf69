// Registering a colleague's key, once its fingerprint was compared on another way.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { useApproval } from "@/lib/approving";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";
import { useDebounced } from "@/lib/useDebounced";

export function AddPersonDialog({ onClosed }: { onClosed: () => void }) {
  const [name, setName] = useState("");
  const [vkey, setVkey] = useState("");
  const [fingerprint, setFingerprint] = useState("");
  const add = useDo("approvals.add_person");
  const person = { name, vkey, fingerprint };
  const isWhole =
    name.trim().length >= 2 && vkey.includes("+") && fingerprint.replace(/\s/g, "").length >= 16;
  const settled = {
    name: useDebounced(name, 300),
    vkey: useDebounced(vkey, 300),
    fingerprint: useDebounced(fingerprint, 300),
  };
  // What is asked for is what stands here, not what stood here a moment ago.
  const isSettled = settled.name === name && settled.vkey === vkey && settled.fingerprint === fingerprint;
  const approval = useApproval("approvals.add_person", settled, isWhole && isSettled);
  const error = add.error ?? approval.error;
  return (
    <Dialog
      title="Register a colleague's key?"
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Not now</Button>
          {approval.isNeeded && !approval.isFree ? (
            <Button tone="primary" isDisabled={!approval.canAsk || approval.isAsking} onPress={approval.ask}>
              {approval.canAsk ? "Ask for approval" : "Asked for approval"}
            </Button>
          ) : (
            <Button
              tone="primary"
              isDisabled={!isWhole || add.isPending}
              onPress={() =>
                add.mutate(person, {
                  onSuccess: (row) => {
                    say(`The key of ${row.name} is registered.`);
                    onClosed();
                  },
                })
              }
            >
              Register
            </Button>
          )}
        </>
      }
    >
      <p>Whoever has the secret of this key can ask here, and approve what others ask.</p>
      <TextField label="Name" autoFocus value={name} onChange={setName} />
      <TextField
        label="Key"
        mono
        value={vkey}
        onChange={setVkey}
        help="As their Approvals screen, or the command approvals key show, gives it: name, number and key"
      />
      <TextField
        label="Fingerprint, as they read it out to you"
        mono
        value={fingerprint}
        onChange={setFingerprint}
        help="At least the first 16 digits, on another way than the key came: by telephone, face to face"
      />
      {approval.isNeeded && <ApprovalNote request={approval.request} />}
      {error && <Problem error={error} what="register the key" />}
    </Dialog>
  );
}

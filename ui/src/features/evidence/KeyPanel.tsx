// The key that signs: whose it is, where its secret is, the copy that recovers it, and replacing it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Dialog } from "@/components/overlay/Dialog";
import { Panel } from "@/components/Page";
import { Refusal } from "@/components/Refusal";
import { Id } from "@/components/text/Id";
import { RecoveryDialog } from "@/features/evidence/RecoveryDialog";
import type { ShownKey } from "@/lib/bindings";
import { count } from "@/lib/format";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Open = "nothing" | "write" | "read" | "rotate";

export function KeyPanel({ shown }: { shown: ShownKey }) {
  const [open, setOpen] = useState<Open>("nothing");
  const close = () => setOpen("nothing");
  return (
    <Panel title="Signing key">
      <div className="grid gap-3">
        <p>{shown.sentence}</p>
        {shown.vkey && shown.fingerprint && (
          <Facts
            facts={[
              { name: "Verifier key", value: <Id id={shown.vkey} label="the verifier key" /> },
              { name: "Fingerprint", value: <code>{shown.fingerprint}</code> },
              {
                name: "Key to pin",
                value:
                  shown.rotations === 0 || !shown.first_vkey
                    ? "This one: it is the first"
                    : `The first one, ${shown.first_fingerprint}; replaced ${count(shown.rotations)} ×`,
              },
              {
                name: "Recovery copy",
                value: shown.has_recovery
                  ? "Written for this key"
                  : "None: without it, a lost computer means that nobody can go on signing",
              },
            ]}
          />
        )}
        <div className="flex flex-wrap gap-2">
          {shown.place !== null && (
            <>
              <Button onPress={() => setOpen("write")}>Write a recovery copy…</Button>
              <Button onPress={() => setOpen("rotate")}>Replace the key…</Button>
            </>
          )}
          {shown.place === null && shown.vkey !== null && (
            <Button onPress={() => setOpen("read")}>Read a recovery copy…</Button>
          )}
        </div>
        {open === "write" && <RecoveryDialog form="write" onClosed={close} />}
        {open === "read" && <RecoveryDialog form="read" onClosed={close} />}
        {open === "rotate" && <RotateDialog onClosed={close} />}
      </div>
    </Panel>
  );
}

function RotateDialog({ onClosed }: { onClosed: () => void }) {
  const rotate = useDo("evidence.rotate_key");
  return (
    <Dialog
      title="Replace the signing key?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button autoFocus onPress={onClosed}>
            Keep the key
          </Button>
          <Button
            tone="primary"
            isDisabled={rotate.isPending}
            onPress={() =>
              rotate.mutate(
                {},
                {
                  onSuccess: () => {
                    say("The key was replaced. Write a recovery copy of the new one.");
                    onClosed();
                  },
                },
              )
            }
          >
            Replace it
          </Button>
        </>
      }
    >
      <p>
        A new key is made and one checkpoint is signed by both, so that whoever knows the first key can
        follow. The old secret is not needed afterwards; its recovery copy doesn't recover the new key.
      </p>
      <Refusal error={rotate.error}>The key was not replaced.</Refusal>
    </Dialog>
  );
}

// Releasing a hold: the reason, and its query typed once more. Nothing is erased by it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import type { HoldRow } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { hold: HoldRow; onClosed: () => void };

const LEAST = 10;

export function ReleaseDialog({ hold, onClosed }: Props) {
  const [reason, setReason] = useState("");
  const [scope, setScope] = useState("");
  const release = useDo("retention.release_hold");
  const isRight = reason.trim().length >= LEAST && scope.trim() === hold.query;
  return (
    <Dialog
      title={`Release the hold ${hold.name}?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep the hold</Button>
          <Button
            tone="danger"
            isDisabled={!isRight || release.isPending}
            onPress={() =>
              release.mutate(
                { name: hold.name, reason, scope },
                {
                  onSuccess: () => {
                    say("The hold is released. Nothing was erased by that.");
                    onClosed();
                  },
                },
              )
            }
          >
            Release the hold
          </Button>
        </>
      }
    >
      <p>
        It covers {counted(hold.held, "record")}. Afterwards a rule or a request can erase them. The trail
        keeps your name and the reason.
      </p>
      <TextField
        label="Reason"
        autoFocus
        lines={2}
        value={reason}
        onChange={setReason}
        help={`At least ${LEAST} characters.`}
      />
      <TextField
        label={hold.query === "" ? "Its query is empty: leave this empty" : `Type its query: ${hold.query}`}
        mono
        value={scope}
        onChange={setScope}
      />
      {release.error && <Problem error={release.error} what="release the hold" />}
    </Dialog>
  );
}

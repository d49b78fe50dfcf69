// Revoking a key, for good: what it signed and nobody used counts for nothing any more.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { useApproval } from "@/lib/approving";
import type { PersonRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { person: PersonRow; onClosed: () => void };

export function RevokeDialog({ person, onClosed }: Props) {
  const [reason, setReason] = useState("");
  const revoke = useDo("approvals.revoke_person");
  // What is approved is whose key; the reason is the trail's.
  const approval = useApproval("approvals.revoke_person", { id: person.id, reason: "" }, !person.is_me);
  const error = revoke.error ?? approval.error;
  return (
    <Dialog
      title={`Revoke the key of ${person.name}?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button autoFocus onPress={onClosed}>
            Keep the key
          </Button>
          {approval.isNeeded && !approval.isFree ? (
            <Button tone="primary" isDisabled={!approval.canAsk || approval.isAsking} onPress={approval.ask}>
              {approval.canAsk ? "Ask for approval" : "Asked for approval"}
            </Button>
          ) : (
            <Button
              tone="danger"
              isDisabled={reason.trim() === "" || revoke.isPending}
              onPress={() =>
                revoke.mutate(
                  { id: person.id, reason },
                  {
                    onSuccess: () => {
                      say(`The key of ${person.name} is revoked.`);
                      onClosed();
                    },
                  },
                )
              }
            >
              Revoke the key of {person.name}
            </Button>
          )}
        </>
      }
    >
      <p>
        It can't ask or approve any more, and what it approved and nobody used counts for nothing. It can't be
        registered again; a new key can.
      </p>
      <TextField label="Reason" lines={2} value={reason} onChange={setReason} />
      {approval.isNeeded && <ApprovalNote request={approval.request} />}
      {error && <Problem error={error} what="revoke the key" />}
    </Dialog>
  );
}

// Asks before a guard and its key are removed.

import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { Refused } from "@/features/redaction/Refused";
import type { GuardRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { guard: GuardRow; onClosed: () => void };

export function RemoveGuardDialog({ guard, onClosed }: Props) {
  const remove = useDo("redaction.remove_guard");
  const submit = () =>
    remove.mutate(
      { name: guard.name },
      {
        onSuccess: () => {
          say(`Removed guard ${guard.name} and its key.`);
          onClosed();
        },
      },
    );
  return (
    <Dialog
      title={`Remove guard ${guard.name}?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button autoFocus onPress={onClosed}>
            Keep it
          </Button>
          <Button tone="danger" isDisabled={remove.isPending} onPress={submit}>
            Remove guard
          </Button>
        </>
      }
    >
      <p>Its settings and its key are removed. What it found in earlier runs stays.</p>
      <Refused error={remove.error} />
    </Dialog>
  );
}

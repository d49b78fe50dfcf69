// Asks before a guard and its key are removed.

import { RemoveDialog } from "@/components/overlay/RemoveDialog";
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
    <RemoveDialog
      title={`Remove guard ${guard.name}?`}
      action="Remove guard"
      removing={remove}
      onRemoved={submit}
      onClosed={onClosed}
    >
      Its settings and its key are removed. What it found in earlier runs stays.
    </RemoveDialog>
  );
}

// Asks before a backend and its key are removed.

import { RemoveDialog } from "@/components/overlay/RemoveDialog";
import type { BackendRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { backend: BackendRow; onClosed: () => void; onRemoved: () => void };

export function RemoveBackendDialog({ backend, onClosed, onRemoved }: Props) {
  const remove = useDo("replay.remove_backend");
  const submit = () =>
    remove.mutate(
      { name: backend.name },
      {
        onSuccess: () => {
          say(`Removed backend ${backend.name}.`);
          onRemoved();
        },
      },
    );
  return (
    <RemoveDialog
      title={`Remove backend ${backend.name} and its key?`}
      action={`Remove ${backend.name}`}
      removing={remove}
      onRemoved={submit}
      onClosed={onClosed}
    >
      The key is taken out of the keychain. Runs that were sent to it, their answers and the trail stay as
      they are.
    </RemoveDialog>
  );
}

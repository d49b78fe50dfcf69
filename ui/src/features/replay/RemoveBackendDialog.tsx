// Removes a backend and its key.

import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/features/replay/Refusal";
import type { BackendRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { backend: BackendRow; onClosed: () => void; onRemoved: () => void };

export function RemoveBackendDialog({ backend, onClosed, onRemoved }: Props) {
  const remove = useDo("replay.remove_backend");
  return (
    <Dialog
      title={`Remove backend ${backend.name} and its key?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed} autoFocus>
            Keep it
          </Button>
          <Button
            tone="danger"
            isDisabled={remove.isPending}
            onPress={() =>
              remove.mutate(
                { name: backend.name },
                {
                  onSuccess: () => {
                    say(`Removed backend ${backend.name}.`);
                    onRemoved();
                  },
                },
              )
            }
          >
            Remove {backend.name}
          </Button>
        </>
      }
    >
      <p>
        The key is taken out of the keychain. Runs that were sent to it, their answers and the trail stay as
        they are.
      </p>
      <Refusal error={remove.error} />
    </Dialog>
  );
}

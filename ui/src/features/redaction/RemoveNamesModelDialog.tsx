// Asks before a plugged-in model of names is taken out.

import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { Refused } from "@/features/redaction/Refused";
import type { PluggedModel } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { model: PluggedModel; onClosed: () => void };

export function RemoveNamesModelDialog({ model, onClosed }: Props) {
  const remove = useDo("redaction.remove_names_model");
  const submit = () =>
    remove.mutate(
      {},
      {
        onSuccess: () => {
          say(`${model.name} was taken out; its files stay.`);
          onClosed();
        },
      },
    );
  return (
    <Dialog
      title={`Take out ${model.name}?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button autoFocus onPress={onClosed}>
            Keep it
          </Button>
          <Button tone="danger" isDisabled={remove.isPending} onPress={submit}>
            Take it out
          </Button>
        </>
      }
    >
      <p>
        At the level full only the program's own models look for names then, and may find less. Its files stay
        where they are; the trail says who took it out.
      </p>
      <Refused error={remove.error} />
    </Dialog>
  );
}

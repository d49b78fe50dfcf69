// Asks before a plugged-in model of names is taken out.

import { RemoveDialog } from "@/components/overlay/RemoveDialog";
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
    <RemoveDialog
      title={`Take out ${model.name}?`}
      action="Take it out"
      removing={remove}
      onRemoved={submit}
      onClosed={onClosed}
    >
      At the level full only the program's own models look for names then, and may find less. Its files stay
      where they are; the trail says who took it out.
    </RemoveDialog>
  );
}

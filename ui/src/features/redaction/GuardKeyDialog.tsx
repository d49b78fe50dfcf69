// Puts a guard's key into the keychain.

import { KeyDialog } from "@/components/overlay/KeyDialog";
import type { GuardRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { guard: GuardRow; onClosed: () => void };

export function GuardKeyDialog({ guard, onClosed }: Props) {
  const save = useDo("redaction.set_guard_key");
  const submit = (key: string) =>
    save.mutate(
      { guard: guard.name, key },
      {
        onSuccess: (row) => {
          say(`The key of ${row.name} is in the keychain.`);
          onClosed();
        },
      },
    );
  return (
    <KeyDialog
      name={guard.name}
      help={`Goes into this system's keychain and to ${guard.destination} only. With AWS: access key id, a colon, secret access key.`}
      saving={save}
      onSaved={submit}
      onClosed={onClosed}
    />
  );
}

// Puts a backend's key into the keychain.

import { KeyDialog } from "@/components/overlay/KeyDialog";
import { hostOf } from "@/features/replay/backends";
import type { BackendRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { backend: BackendRow; onClosed: () => void };

export function BackendKeyDialog({ backend, onClosed }: Props) {
  const save = useDo("replay.set_key");
  const submit = (key: string) =>
    save.mutate(
      { backend: backend.name, key },
      {
        onSuccess: (row) => {
          const ending = row.key_last4 ? ` and ends in ${row.key_last4}` : "";
          say(`The key of ${row.name} is in the keychain${ending}.`);
          onClosed();
        },
      },
    );
  return (
    <KeyDialog
      name={backend.name}
      help={`Goes into this system's keychain and to ${hostOf(backend.base_url)} only. It isn't shown again, but for its last four characters, and isn't kept in the store.`}
      saving={save}
      onSaved={submit}
      onClosed={onClosed}
    />
  );
}

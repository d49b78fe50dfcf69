// The store is encrypted and its key is not on this computer: the recovery passphrase opens it.

import { Lock } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { TextField } from "@/components/form/TextField";
import { Refusal } from "@/components/Refusal";
import { Ticked } from "@/components/text/Ticked";
import type { WireError } from "@/lib/bindings";
import { asWireError, call } from "@/lib/call";
import { sentence } from "@/lib/format";
import { allChanged } from "@/lib/query";

type Props = { why: WireError };

export function UnlockStore({ why }: Props) {
  const [passphrase, setPassphrase] = useState("");
  const [isKept, setIsKept] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const unlock = async () => {
    setError(null);
    setIsBusy(true);
    try {
      await call("settings.unlock_store", { passphrase, keep: isKept });
      setPassphrase("");
      allChanged();
    } catch (problem) {
      setError(asWireError(problem));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form
      className="m-4 grid max-w-130 gap-3 rounded-control border border-line bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (passphrase !== "" && !isBusy) void unlock();
      }}
    >
      <h2 className="flex items-center gap-2 text-md">
        <Lock aria-hidden size={16} />
        This store is encrypted
      </h2>
      <p>
        Its key is not on this computer, or can't be read here. The recovery passphrase opens the copy of the
        key that lies beside the store. Nothing is written to the store before it is open.
      </p>
      <p className="break-words text-muted">
        <Ticked text={sentence(why.message)} />
      </p>
      <TextField
        label="Recovery passphrase"
        type="password"
        autoFocus
        autoComplete="off"
        value={passphrase}
        onChange={setPassphrase}
      />
      <Checkbox
        label="Keep the key on this computer, so that it is not asked for again"
        isSelected={isKept}
        onChange={setIsKept}
      />
      <Refusal error={error} />
      <div className="flex items-center gap-3">
        <Button tone="primary" type="submit" isDisabled={passphrase === "" || isBusy}>
          {isBusy ? "Opening…" : "Open the store"}
        </Button>
        <code className="text-subtle">{why.code}</code>
      </div>
      <p className="text-muted">
        On the terminal: <code>assay store recover</code>, or <code>--store-key-file FILE</code> where the key
        is in a file.
      </p>
    </form>
  );
}

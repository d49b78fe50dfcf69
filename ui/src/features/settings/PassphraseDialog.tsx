// The recovery passphrase of the store: given twice where it is set, once where it is tried.

import { type ReactNode, useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import type { WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";

const LEAST = 12;

type Props = {
  title: string;
  yes: string;
  /** Whether it is a new one. */
  form: "set" | "try";
  children: ReactNode;
  /** Carries it out; what it rejects with is shown, and the dialog stays. */
  onGiven: (passphrase: string) => Promise<void>;
  onClosed: () => void;
};

export function PassphraseDialog({ title, yes, form, children, onGiven, onClosed }: Props) {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const isSet = form === "set";
  const isReady = isSet ? passphrase.length >= LEAST && passphrase === again : passphrase !== "";
  const act = async () => {
    setError(null);
    setIsBusy(true);
    try {
      await onGiven(passphrase);
    } catch (problem) {
      setError(asWireError(problem));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button tone="primary" isDisabled={!isReady || isBusy} onPress={() => void act()}>
            {yes}
          </Button>
        </>
      }
    >
      {children}
      <TextField
        label="Recovery passphrase"
        type="password"
        autoFocus
        autoComplete="off"
        value={passphrase}
        onChange={setPassphrase}
        help={
          isSet
            ? `At least ${LEAST} characters. Five or more unrelated words are good: whoever copies the store's folder can try passphrases as often as they like.`
            : "It is not shown and not kept."
        }
      />
      {isSet && (
        <TextField
          label="The same again"
          type="password"
          autoComplete="off"
          value={again}
          onChange={setAgain}
          error={again !== "" && again !== passphrase ? "The two are not the same" : undefined}
        />
      )}
      <Refusal error={error} />
    </Dialog>
  );
}

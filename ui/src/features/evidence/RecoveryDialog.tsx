// The copy of the signing key, locked with a passphrase: written to a chosen file, or read back.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import type { WireError } from "@/lib/bindings";
import { asWireError, call } from "@/lib/call";
import { host } from "@/lib/host";
import { say } from "@/lib/toasts";

const LEAST = 12;

type Props = { form: "write" | "read"; onClosed: () => void };

export function RecoveryDialog({ form, onClosed }: Props) {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const isWriting = form === "write";
  const isReady = passphrase.length >= LEAST && (!isWriting || passphrase === again);
  const act = async () => {
    setError(null);
    setIsBusy(true);
    try {
      if (isWriting) {
        const place = await host().pickSave("signing-key.age");
        if (place === null) return;
        if (!place.handle) {
          // A browser would send the copy through its own downloads.
          throw {
            code: "bad_input",
            message: "a recovery copy is written by the window or the terminal, not by a browser",
            hint: "run `assay evidence key recovery --out FILE`",
          };
        }
        await call("evidence.write_recovery", { handle: place.handle, passphrase });
        say("Recovery copy written. Keep it and its passphrase in different places.");
      } else {
        const [file] = await host().pickFiles();
        if (!file) return;
        await call("evidence.read_recovery", { handle: file.handle, passphrase });
        say("The signing key is back.");
      }
      onClosed();
    } catch (problem) {
      setError(asWireError(problem));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      title={isWriting ? "Write a recovery copy of the signing key" : "Read the signing key from its copy"}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button tone="primary" isDisabled={!isReady || isBusy} onPress={() => void act()}>
            {isWriting ? "Choose a place and write" : "Choose the copy"}
          </Button>
        </>
      }
    >
      <p>
        {isWriting
          ? "An age file that only this passphrase opens. The passphrase is not kept anywhere: without it the copy is worth nothing."
          : "The passphrase that the copy was written with."}
      </p>
      <TextField
        label="Passphrase"
        type="password"
        autoFocus
        autoComplete="off"
        value={passphrase}
        onChange={setPassphrase}
        help={`At least ${LEAST} characters`}
      />
      {isWriting && (
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

// Whether the store is encrypted, what that costs and protects from, and changing it.

import { Lock, LockOpen } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Dialog } from "@/components/overlay/Dialog";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { Sentences } from "@/components/Sentences";
import { Answered, Problem } from "@/components/States";
import { When } from "@/components/text/When";
import { PassphraseDialog } from "@/features/settings/PassphraseDialog";
import type { StoreConverted, StoreEncryption, WireError } from "@/lib/bindings";
import { asWireError, call } from "@/lib/call";
import { bytes } from "@/lib/format";
import { run, useJob } from "@/lib/jobs";
import { useAsk } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

type Open = "encrypt" | "decrypt" | "rotate" | "passphrase" | "try" | null;

export function EncryptionPanel() {
  const asked = useAsk("settings.store_encryption", {});
  return (
    <Panel title="Encryption">
      <Answered asked={asked} what="how the store is encrypted">
        {(status) => <Standing status={status} />}
      </Answered>
    </Panel>
  );
}

function Standing({ status }: { status: StoreEncryption }) {
  const [open, setOpen] = useState<Open>(null);
  const [jobId, setJobId] = useState<number | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const [done, setDone] = useState<StoreConverted | null>(null);
  const job = useJob(jobId);
  const isRunning = job?.state === "running";
  const close = () => setOpen(null);
  const convert = async (work: () => Promise<StoreConverted>) => {
    setError(null);
    setDone(null);
    try {
      setDone(await work());
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  const begin = (name: "settings.encrypt_store" | "settings.rotate_store_key", passphrase: string) => {
    // The question outside the page comes first; what follows is shown beside the progress.
    close();
    return convert(() => run(name, { passphrase }, setJobId));
  };
  return (
    <div className="grid gap-3">
      <p className="flex items-center gap-2 font-semibold">
        {status.encrypted ? <Lock aria-hidden size={16} /> : <LockOpen aria-hidden size={16} />}
        {status.encrypted ? "Encrypted" : "Not encrypted"}
      </p>
      <Sentences of={status.sentences} />
      <Facts
        facts={[
          ...(status.key && status.since
            ? [
                { name: "Key", value: <code>{status.key}</code> },
                { name: "Since", value: <When at={status.since} form="date" /> },
              ]
            : []),
          { name: "Costs", value: status.cost.join(" ") },
          {
            name: "Room",
            value: `${bytes(status.needed_bytes)} for a while; ${status.free_bytes === null ? "how much is free is not known" : `${bytes(status.free_bytes)} are free`}`,
          },
        ]}
      />
      <Sentences of={status.protects} />
      <div className="flex flex-wrap gap-2">
        {status.encrypted ? (
          <>
            <Button isDisabled={isRunning} onPress={() => setOpen("try")}>
              Try the passphrase…
            </Button>
            <Button isDisabled={isRunning} onPress={() => setOpen("passphrase")}>
              Replace the passphrase…
            </Button>
            <Button isDisabled={isRunning} onPress={() => setOpen("rotate")}>
              Replace the key…
            </Button>
            <Button isDisabled={isRunning} onPress={() => setOpen("decrypt")}>
              Decrypt…
            </Button>
          </>
        ) : (
          <Button isDisabled={isRunning} onPress={() => setOpen("encrypt")}>
            Encrypt…
          </Button>
        )}
      </div>
      {job && isRunning && (
        <div className="flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <ProgressBar job={job} />
          </div>
          <Button onPress={() => void call("jobs.cancel", { job: job.id }).catch(sayProblem)}>Stop</Button>
        </div>
      )}
      {error && <Problem error={error} what="change how the store is encrypted" />}
      {done && (
        <div role="status">
          <Sentences of={done.says} />
        </div>
      )}
      {open === "encrypt" && (
        <PassphraseDialog
          title="Encrypt the store"
          yes="Encrypt"
          form="set"
          onClosed={close}
          onGiven={(passphrase) => begin("settings.encrypt_store", passphrase)}
        >
          <p>
            The store gets a random key. It is kept in this computer's keychain, or where the program was told
            when it was started. A copy that this passphrase opens lies beside the store, for the day on which
            the key is lost.
          </p>
          <p className="text-muted">{status.cost.join(" ")}</p>
        </PassphraseDialog>
      )}
      {open === "rotate" && (
        <PassphraseDialog
          title="Replace the store's key"
          yes="Replace the key"
          form="set"
          onClosed={close}
          onGiven={(passphrase) => begin("settings.rotate_store_key", passphrase)}
        >
          <p>
            The store's file is written anew under another key. The passphrase opens the new key's copy; it
            may be the one from before.
          </p>
        </PassphraseDialog>
      )}
      {open === "passphrase" && (
        <PassphraseDialog
          title="Replace the recovery passphrase"
          yes="Replace"
          form="set"
          onClosed={close}
          onGiven={async (passphrase) => {
            await call("settings.set_store_passphrase", { passphrase });
            say("The copy of the store's key has another passphrase.");
            close();
          }}
        >
          <p>The key stays; only the copy beside the store is written anew.</p>
        </PassphraseDialog>
      )}
      {open === "try" && (
        <PassphraseDialog
          title="Try the recovery passphrase"
          yes="Try"
          form="try"
          onClosed={close}
          onGiven={async (passphrase) => {
            const tried = await call("settings.try_store_passphrase", { passphrase });
            if (!tried.opens) {
              throw {
                code: "bad_input",
                message: "It does not open the copy of the store's key.",
                hint: "If nobody knows it, set another one while the key is still at hand",
              };
            }
            say("It opens the copy of the store's key.");
            close();
          }}
        >
          <p>To know that it works before it is needed. Nothing is changed.</p>
        </PassphraseDialog>
      )}
      <Dialog
        title="Decrypt the store?"
        isOpen={open === "decrypt"}
        onClosed={close}
        actions={
          <>
            <Button autoFocus onPress={close}>
              Keep it encrypted
            </Button>
            <Button
              tone="danger"
              onPress={() => {
                close();
                void convert(() => run("settings.decrypt_store", {}, setJobId));
              }}
            >
              Decrypt
            </Button>
          </>
        }
      >
        <p>Whoever has the store's file can then read the fields of all records in it.</p>
      </Dialog>
    </div>
  );
}

// Adding somebody who is asked to vouch for checkpoints. Saving sends nothing.

import { useState } from "react";
import { Button } from "@/components/Button";
import { RadioChoice } from "@/components/form/RadioChoice";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import type { WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { host } from "@/lib/host";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

export function AnchorDialog({ onClosed }: { onClosed: () => void }) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState("tsa");
  const [url, setUrl] = useState("");
  const [vkey, setVkey] = useState("");
  const [chain, setChain] = useState<{ handle: string; name: string } | null>(null);
  const [problem, setProblem] = useState<WireError | null>(null);
  const save = useDo("evidence.save_anchor");
  const isWitness = kind === "witness";
  const isReady = name !== "" && url !== "" && (!isWitness || vkey !== "");
  const choose = async () => {
    try {
      const [file] = await host().pickFiles();
      if (file) setChain(file);
    } catch (error) {
      setProblem(asWireError(error));
    }
  };
  const input = {
    name,
    kind,
    url,
    private: false,
    ...(isWitness ? { vkey } : {}),
    ...(!isWitness && chain ? { chain: chain.handle } : {}),
  };
  const error = save.error ?? problem;
  return (
    <Dialog
      title="Add somebody who vouches"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button
            tone="primary"
            isDisabled={!isReady || save.isPending}
            onPress={() =>
              save.mutate(input, {
                onSuccess: (row) => {
                  say(`Saved. Nothing was sent yet; asking sends to ${row.destination}.`);
                  onClosed();
                },
              })
            }
          >
            Save
          </Button>
        </>
      }
    >
      <p>
        When you ask, a checkpoint's hash or the checkpoint itself is sent: size and root of the tree, no
        record, no name. Saving sends nothing.
      </p>
      <RadioChoice
        label="Kind"
        chosen={kind}
        onChosen={setKind}
        options={[
          { id: "tsa", title: "Time-stamping authority (RFC 3161)" },
          { id: "witness", title: "Witness (C2SP tlog-witness)" },
        ]}
      />
      <TextField label="Name" value={name} onChange={setName} autoFocus />
      <TextField
        label="Address"
        mono
        value={url}
        onChange={setUrl}
        placeholder="https://"
        help="https, or http on this computer; only this host is asked"
      />
      {isWitness ? (
        <TextField label="Verifier key" mono value={vkey} onChange={setVkey} help="name+number+key" />
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          <Button onPress={() => void choose()}>Choose its certificates (PEM)…</Button>
          <span className="text-muted">
            {chain ? chain.name : "None: packs can then not carry what verifies its stamps"}
          </span>
        </div>
      )}
      <Refusal error={error} />
    </Dialog>
  );
}

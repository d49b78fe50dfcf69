// A new deployment: its name and how it is reached. The rest is its definition, on its page.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { kindTitle } from "@/components/KindMark";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import type { Kind } from "@/lib/bindings";
import { useDo } from "@/lib/query";

const KINDS: readonly Kind[] = ["claude_api", "bedrock", "vertex", "private", "claude_enterprise"];

type Props = { isOpen: boolean; onClosed: () => void; taken: readonly string[] };

export function AddDeploymentDialog({ isOpen, onClosed, taken }: Props) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Kind>("bedrock");
  const navigate = useNavigate();
  const set = useDo("deployments.set");
  const isTaken = taken.includes(name.trim());
  const add = () => {
    const toml = `name = ${JSON.stringify(name.trim())}\nkind = "${kind}"\n`;
    set.mutate(
      { name: name.trim(), toml },
      {
        onSuccess: (page) => {
          onClosed();
          void navigate({
            to: "/deployments/$name",
            params: { name: page.summary.name },
            search: { tab: "definition" },
          });
        },
      },
    );
  };
  return (
    <Dialog
      title="Add a deployment"
      isOpen={isOpen}
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button tone="primary" isDisabled={name.trim() === "" || isTaken || set.isPending} onPress={add}>
            Add and define
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        autoFocus
        mono
        value={name}
        onChange={setName}
        help="Letters, digits, hyphens, underscores and dots"
        error={isTaken ? "A deployment with this name is there already" : undefined}
      />
      <Select
        label="Kind"
        options={KINDS.map((id) => ({ id, title: kindTitle(id) }))}
        chosen={kind}
        onChosen={(id) => setKind(KINDS.find((other) => other === id) ?? "bedrock")}
      />
      <p className="text-muted">
        Calls are put under it once its definition says which are its own: accounts, regions, hosts, callers.
      </p>
      {set.error && <Problem error={set.error} what="add the deployment" />}
    </Dialog>
  );
}

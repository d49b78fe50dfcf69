// Under which name and version a policy is saved.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import { quoted, renamed } from "@/features/redaction/toml";
import type { PolicyRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = {
  toml: string;
  policies: readonly PolicyRow[];
  onClosed: () => void;
  onSaved: (policy: PolicyRow) => void;
};

export function SavePolicyDialog({ toml, policies, onClosed, onSaved }: Props) {
  const given = quoted(toml, "name");
  const isBuiltin = policies.some((policy) => policy.builtin && policy.name === given);
  const [name, setName] = useState(isBuiltin ? `${given}-own` : given);
  const [version, setVersion] = useState(quoted(toml, "version"));
  const save = useDo("redaction.save_policy");
  const [note, setNote] = useState("");
  const earlier = policies.find((policy) => policy.name === name && policy.newest);
  const error = earlier?.builtin
    ? "This policy is part of the program and can't be changed. Choose another name."
    : undefined;
  return (
    <Dialog
      title="Save the policy?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep editing</Button>
          <Button
            tone="primary"
            isDisabled={name === "" || error !== undefined || save.isPending}
            onPress={() =>
              save.mutate(
                { toml: renamed(toml, name, version), ...(note !== "" && { note }) },
                {
                  onSuccess: (policy) => {
                    say(`Saved as ${policy.reference}. It is not put in force by that.`);
                    onSaved(policy);
                  },
                },
              )
            }
          >
            Save policy
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} error={error} mono autoFocus />
      <TextField label="Version, as the text calls itself" value={version} onChange={setVersion} mono />
      <TextField
        label="What is it for?"
        value={note}
        onChange={setNote}
        help="Shown in the list of versions."
      />
      {earlier && !earlier.builtin && (
        <p>
          The newest version of this policy is {earlier.reference}. This text becomes the next one, a draft:
          what is in force stays in force.
        </p>
      )}
      <Refusal error={save.error} />
    </Dialog>
  );
}

// Takes over another tool's rules: a file becomes a draft, and whatever is not in it is listed.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import { FORMS } from "@/features/redaction/forms";
import { LossList } from "@/features/redaction/LossList";
import type { PolicyRow } from "@/lib/bindings";
import { host } from "@/lib/host";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { onClosed: () => void; onSaved: (policy: PolicyRow) => void };

export function ImportPolicyDialog({ onClosed, onSaved }: Props) {
  const [name, setName] = useState("imported");
  const [form, setForm] = useState("told");
  const [file, setFile] = useState<string | null>(null);
  const taken = useDo("redaction.import_policy");
  const save = useDo("redaction.save_policy");
  const imported = taken.data;
  // A draft is of one name and one form: other ones need the file again.
  const again = () => {
    taken.reset();
    setFile(null);
  };
  const choose = async () => {
    const [chosen] = await host().pickFiles();
    if (chosen === undefined) return;
    setFile(chosen.name);
    taken.mutate({ handle: chosen.handle, name, ...(form !== "told" && { form }) });
  };
  const error = taken.error ?? save.error;
  return (
    <Dialog
      title="Import a policy"
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          {imported && !taken.isPending && (
            <Button
              tone="primary"
              isDisabled={imported.problem !== null || save.isPending}
              onPress={() =>
                save.mutate(
                  { toml: imported.toml, note: `imported from ${imported.form}: ${file ?? ""}` },
                  {
                    onSuccess: (saved) => {
                      say(`Saved as ${saved.reference}, a draft.`);
                      onSaved(saved);
                    },
                  },
                )
              }
            >
              Save as a draft
            </Button>
          )}
        </>
      }
    >
      <p>
        Presidio’s recognizers, LiteLLM’s guardrails or a guardrail of Bedrock become a draft. Nothing is put
        in force by that.
      </p>
      <TextField
        label="Name of the policy"
        value={name}
        onChange={(changed) => {
          setName(changed);
          again();
        }}
        mono
        autoFocus
      />
      <Select
        label="Whose file it is"
        chosen={form}
        onChosen={(chosen) => {
          setForm(chosen);
          again();
        }}
        options={[{ id: "told", title: "Told by what is in it" }, ...FORMS]}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button onPress={() => void choose()} isDisabled={name === "" || taken.isPending}>
          Choose a file…
        </Button>
        {file !== null && <span className="truncate text-muted">{file}</span>}
      </div>
      {imported && (
        <>
          {imported.problem !== null && (
            <p role="alert" className="text-danger">
              The draft can’t be saved yet: {imported.problem}
            </p>
          )}
          <LossList losses={imported.losses} />
          <TextField
            label="The draft"
            lines={10}
            mono
            value={imported.toml}
            onChange={() => undefined}
            isReadOnly
          />
        </>
      )}
      <Refusal error={error} />
    </Dialog>
  );
}

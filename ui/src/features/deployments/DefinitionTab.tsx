// The definition as TOML: what it declares, an editor, and what is wrong with it beside its line.

import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Problem } from "@/components/States";
import { DefinitionEditor } from "@/features/deployments/DefinitionEditor";
import { DefinitionHelp } from "@/features/deployments/DefinitionHelp";
import type { DeploymentPage } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

export function DefinitionTab({ page: { summary, toml } }: { page: DeploymentPage }) {
  const [draft, setDraft] = useState<string | null>(null);
  const save = useDo("deployments.set");
  const text = draft ?? toml;
  const isChanged = draft !== null && draft !== toml;
  const submit = () => {
    save.mutate(
      { name: summary.name, toml: text },
      {
        onSuccess: () => {
          setDraft(null);
          say(`Saved the definition of ${summary.name}. Run the checks again to judge by it.`);
        },
      },
    );
  };
  return (
    <div className="grid grid-cols-1 gap-4 min-[1400px]:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="grid content-start gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="text-muted">
            {summary.declared
              ? "Saving is recorded in the trail, with your name."
              : "Nobody wrote a definition yet. This is a template; nothing of it holds until it is saved."}
          </p>
          <div className="flex items-center gap-2">
            {isChanged && <NoteChip tone="medium" word="Not saved" />}
            <Button isDisabled={!isChanged} onPress={() => setDraft(null)}>
              Discard changes
            </Button>
            <Button
              tone="primary"
              isDisabled={save.isPending || (!isChanged && summary.declared)}
              onPress={submit}
            >
              Save definition
            </Button>
          </div>
        </div>
        {save.error && <Problem error={save.error} what="save the definition" />}
        <DefinitionEditor
          text={text}
          wrongLine={save.error ? lineOf(save.error.message) : null}
          onChanged={(changed) => {
            setDraft(changed);
            if (save.error) save.reset();
          }}
        />
      </div>
      <DefinitionHelp />
    </div>
  );
}

/** The line that an error names: "…: line 4: …". */
function lineOf(message: string): number | null {
  const found = /\bline (\d+)\b/.exec(message)?.[1];
  return found === undefined ? null : Number(found);
}

// Adds a pasted text, the texts of a stored call or a labelled file to a test set.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Panel } from "@/components/Page";
import { Refusal } from "@/components/Refusal";
import { Id } from "@/components/text/Id";
import { Imported } from "@/features/redaction/Imported";
import type { AddedTexts, SetRow } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { host } from "@/lib/host";
import { useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

type Props = { set: SetRow; call: string | undefined };

export function AddTexts({ set, call }: Props) {
  const [text, setText] = useState("");
  const add = useDo("redaction.add_text");
  const importing = useDo("redaction.import_set");
  const fromFile = async () => {
    const [file] = await host().pickFiles();
    if (file !== undefined) importing.mutate({ set: set.name, handle: file.handle });
  };
  const error = add.error ?? importing.error;
  const done = ({ texts }: AddedTexts) => {
    setText("");
    say(`Added ${counted(texts.length, "text")} to ${set.name}.`);
  };
  return (
    <Panel title={`Add to ${set.name}`}>
      <div className="grid gap-3">
        {call !== undefined && (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <span className="flex items-center gap-2">
              The texts of stored call <Id id={call} label="id of the call" />
            </span>
            <Button
              tone="primary"
              isDisabled={add.isPending}
              onPress={() => add.mutate({ set: set.name, call_id: call }, { onSuccess: done })}
            >
              Add its texts
            </Button>
            <span className="text-sm text-muted">
              They are masked here as everywhere, and are destroyed when the call is erased.
            </span>
          </div>
        )}
        <div className="flex flex-wrap items-end gap-3">
          <div className="min-w-60 flex-1">
            <TextField label="Paste a text" lines={2} value={text} onChange={setText} />
          </div>
          <Button
            isDisabled={text.trim() === "" || add.isPending}
            onPress={() => add.mutate({ set: set.name, text }, { onSuccess: done })}
          >
            Add this text
          </Button>
          <Button isDisabled={importing.isPending} onPress={() => void fromFile().catch(sayProblem)}>
            {importing.isPending ? "Importing…" : "Import a file…"}
          </Button>
        </div>
        <p className="text-sm text-muted">
          Label what stands in a text once it is added: one without labels counts as holding nothing. A file
          is JSON lines, Presidio-evaluator's JSON, CoNLL or CSV, and is imported whole or not at all.
        </p>
        {importing.data && <Imported added={importing.data} />}
        <Refusal error={error} />
      </div>
    </Panel>
  );
}

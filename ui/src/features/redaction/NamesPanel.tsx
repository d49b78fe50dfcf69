// How thoroughly names are looked for, and the model that somebody plugged in for the level full.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Refusal } from "@/components/Refusal";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { NamesModelCard } from "@/features/redaction/NamesModelCard";
import { RemoveNamesModelDialog } from "@/features/redaction/RemoveNamesModelDialog";
import type { NamesLevel } from "@/lib/bindings";
import { host } from "@/lib/host";
import { useAsk, useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

const COLUMNS: readonly Column<NamesLevel>[] = [
  { id: "level", title: "Level", cell: (row) => <code>{row.level}</code> },
  {
    id: "policies",
    title: "Policies in force at it",
    cell: (row) =>
      row.policies.length === 0 ? <span className="text-muted">none</span> : row.policies.join(", "),
  },
  { id: "says", title: "What is done", width: "60%", cell: (row) => row.says },
];

export function NamesPanel() {
  const asked = useAsk("redaction.names", {});
  const set = useDo("redaction.set_names_model");
  const [isRemoving, setIsRemoving] = useState(false);
  const choose = () =>
    host()
      .pickFolder()
      .then(([folder]) => {
        if (!folder) return;
        set.mutate(
          { handle: folder.handle },
          { onSuccess: (status) => say(`${status.model?.name} is plugged in.`) },
        );
      }, sayProblem);
  // A browser gives files and no folder, and the model stays where it is.
  const isWindow = host().kind === "window";
  return (
    <Answered asked={asked} what="how names are looked for">
      {({ levels, model }) => (
        <Panel
          title="Names"
          flush
          actions={
            <>
              {model && <Button onPress={() => setIsRemoving(true)}>Take it out…</Button>}
              {isWindow && (
                <Button isDisabled={set.isPending} onPress={choose}>
                  {set.isPending ? "Reading the model…" : model ? "Plug in another…" : "Plug in a model…"}
                </Button>
              )}
            </>
          }
        >
          <Rows
            label="Levels of looking for names"
            rows={levels}
            rowKey={(row) => row.level}
            columns={COLUMNS}
          />
          <div className="grid gap-3 border-t border-line p-4">
            <Refusal error={set.error} />
            {model ? (
              <NamesModelCard model={model} />
            ) : (
              <p className="text-muted">
                No model is plugged in. A bigger one in the ONNX form, from a folder on this computer, is
                asked at the level full beside the program's own. Nothing is downloaded or sent.
              </p>
            )}
            {!isWindow && (
              <p className="text-muted">
                On the terminal of this computer: <code>assay redaction model set FOLDER</code>
              </p>
            )}
          </div>
          {isRemoving && model && (
            <RemoveNamesModelDialog model={model} onClosed={() => setIsRemoving(false)} />
          )}
        </Panel>
      )}
    </Answered>
  );
}

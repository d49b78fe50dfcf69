// Erasing what is stored of one person: search, look at what goes, confirm. What is typed stays in
// this part of the screen: it is in no address and in no store, and is gone with it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { TextField } from "@/components/form/TextField";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { Problem } from "@/components/States";
import { EraseDialog } from "@/features/retention/EraseDialog";
import { FoundPanel } from "@/features/retention/FoundPanel";
import type { Basis, FoundSubject, WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { run, useJob } from "@/lib/jobs";

export function PersonTab({ bases }: { bases: readonly Basis[] }) {
  const [text, setText] = useState("");
  const [withConversations, setWithConversations] = useState(false);
  const [found, setFound] = useState<FoundSubject | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const [isErasing, setIsErasing] = useState(false);
  const [id, setId] = useState<number | null>(null);
  const job = useJob(id);
  const isRunning = job?.state === "running";
  const changed = () => {
    setFound(null);
    setError(null);
  };
  const search = async () => {
    changed();
    try {
      const identifiers = text.split("\n").filter((line) => line.trim() !== "");
      setFound(await run("retention.find_subject", { identifiers, conversations: withConversations }, setId));
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  return (
    <div className="grid gap-4 min-[1100px]:grid-cols-2">
      <Panel title="Whose records">
        <div className="grid gap-3">
          <TextField
            label="By what the person can stand in a record"
            lines={4}
            value={text}
            onChange={(value) => {
              setText(value);
              changed();
            }}
            help="One a line: names, e-mail addresses, account names, numbers; at least 3 characters each. It is searched for and kept nowhere."
          />
          <Checkbox
            label="Also all calls of the conversations in which one of them stands"
            isSelected={withConversations}
            onChange={(on) => {
              setWithConversations(on);
              changed();
            }}
          />
          <div>
            <Button
              tone={found ? "plain" : "primary"}
              isDisabled={text.trim() === "" || isRunning}
              onPress={() => void search()}
            >
              Search the store
            </Button>
          </div>
          {isRunning && job && <ProgressBar job={job} />}
          {error && <Problem error={error} what="search" />}
        </div>
      </Panel>
      {found && <FoundPanel found={found} onErase={() => setIsErasing(true)} />}
      {found && isErasing && (
        <EraseDialog
          found={found}
          bases={bases}
          onClosed={() => setIsErasing(false)}
          onDone={() => {
            setIsErasing(false);
            setText("");
            setFound(null);
          }}
        />
      )}
    </div>
  );
}

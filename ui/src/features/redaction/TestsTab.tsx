// Test sets: the list, the figures of the chosen policy on one, and the cases behind them.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Panel } from "@/components/Page";
import { Refusal } from "@/components/Refusal";
import { Answered, Empty } from "@/components/States";
import { AddTexts } from "@/features/redaction/AddTexts";
import { Imported } from "@/features/redaction/Imported";
import { type Asked, SetCases } from "@/features/redaction/SetCases";
import { SetFigures } from "@/features/redaction/SetFigures";
import type { AddedTexts, SetRow } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { host } from "@/lib/host";
import { useAsk, useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

type Props = {
  policy: string;
  /** The policy's text where it was changed and isn't saved. */
  changed: string | undefined;
  /** A stored call whose texts may be added. */
  call: string | undefined;
  set: string | undefined;
  onSet: (name: string) => void;
  onExample: (text: string) => void;
};

export function TestsTab(props: Props) {
  const asked = useAsk("redaction.sets", {});
  return (
    <Answered asked={asked} what="the test sets">
      {(sets) => <Sets sets={sets} {...props} />}
    </Answered>
  );
}

function Sets({ sets, policy, changed, call, set, onSet, onExample }: Props & { sets: readonly SetRow[] }) {
  const [isMaking, setMaking] = useState(false);
  const [cases, setCases] = useState<Asked | null>(null);
  const [imported, setImported] = useState<AddedTexts | null>(null);
  const chosen = sets.find((other) => other.name === set) ?? sets[0];
  const which = changed === undefined ? { policy } : { policy_toml: changed };
  const choose = (name: string) => {
    setCases(null);
    setImported(null);
    onSet(name);
  };
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[15rem_minmax(0,1fr)]">
      <Panel title="Test sets" flush>
        <ul>
          {sets.map((other) => (
            <li
              key={other.name}
              className={`border-b border-line px-3 py-2 ${other === chosen ? "bg-selected" : ""}`}
            >
              <button
                type="button"
                aria-current={other === chosen}
                onClick={() => choose(other.name)}
                className="block w-full truncate text-left font-semibold hover:underline"
              >
                {other.name}
              </button>
              <span className="text-sm text-muted">
                {[other.language, other.field].filter((part) => part !== null).join(" · ")}{" "}
                {counted(other.texts, "text")}, {counted(other.labels, "label")}
              </span>
            </li>
          ))}
        </ul>
        <div className="p-3">
          <Button onPress={() => setMaking(true)}>New test set…</Button>
        </div>
      </Panel>
      <div className="grid min-w-0 content-start gap-4">
        {chosen === undefined ? (
          <Empty title="A test set holds labelled texts of your own">
            A policy is measured on it: what it finds, what it misses, what it takes wrongly. Make one, then
            add texts of calls, paste some, or import a corpus.
          </Empty>
        ) : (
          <>
            {imported?.set === chosen.name && (
              <Panel title={`Imported into ${chosen.name}`}>
                <Imported added={imported} />
              </Panel>
            )}
            <AddTexts key={`add-${chosen.name}`} set={chosen} call={call} />
            {chosen.erased > 0 && (
              <p className="text-muted">
                {counted(chosen.erased, "text")} went with the call that it was taken from.
              </p>
            )}
            {chosen.texts > 0 && (
              <>
                <SetFigures set={chosen.name} which={which} onCases={setCases} />
                <SetCases
                  key={`${chosen.name}-${cases?.which ?? "all"}-${cases?.entity_type ?? ""}`}
                  set={chosen.name}
                  policy={which}
                  asked={cases ?? { which: "all" }}
                  onAll={() => setCases(null)}
                  onExample={onExample}
                />
              </>
            )}
          </>
        )}
      </div>
      {isMaking && (
        <MakeSetDialog
          onClosed={() => setMaking(false)}
          onMade={(name, added) => {
            setMaking(false);
            choose(name);
            setImported(added ?? null);
          }}
        />
      )}
    </div>
  );
}

function MakeSetDialog({
  onClosed,
  onMade,
}: {
  onClosed: () => void;
  onMade: (name: string, added?: AddedTexts) => void;
}) {
  const [name, setName] = useState("");
  const [language, setLanguage] = useState("");
  const [field, setField] = useState("");
  const make = useDo("redaction.make_set");
  const importing = useDo("redaction.import_set");
  const input = { name, language, field };
  const fromFile = async () => {
    const [file] = await host().pickFiles();
    if (file === undefined) return;
    importing.mutate(
      { set: name, handle: file.handle, language, field },
      { onSuccess: (added) => onMade(added.set, added) },
    );
  };
  const error = make.error ?? importing.error;
  return (
    <Dialog
      title="What is the test set called?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button
            isDisabled={name.trim() === "" || importing.isPending}
            onPress={() => void fromFile().catch(sayProblem)}
          >
            Import a corpus…
          </Button>
          <Button
            tone="primary"
            isDisabled={name.trim() === "" || make.isPending}
            onPress={() => make.mutate(input, { onSuccess: (made) => onMade(made.name) })}
          >
            Make an empty one
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} autoFocus />
      <TextField label="Language of its texts" value={language} onChange={setLanguage} placeholder="en" />
      <TextField
        label="Kind of field that they are from"
        value={field}
        onChange={setField}
        placeholder="user_message"
      />
      <p className="text-muted">
        A corpus is JSON lines, Presidio-evaluator's JSON, CoNLL or CSV. Its texts are kept in this store,
        with the personal data that stands in them.
      </p>
      <Refusal error={error} />
    </Dialog>
  );
}

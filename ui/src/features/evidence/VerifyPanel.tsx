// Checking a pack, one of ours or somebody else's: whether it holds, by whose key, and what is in it.

import { CircleCheck, CircleDashed, OctagonX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { TextField } from "@/components/form/TextField";
import { Panel } from "@/components/Page";
import { Sentences } from "@/components/Sentences";
import { Problem } from "@/components/States";
import { Id } from "@/components/text/Id";
import { AccountedFor } from "@/features/evidence/AccountedFor";
import { AuditorPanel } from "@/features/evidence/AuditorPanel";
import type { Verification } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { host } from "@/lib/host";
import { useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

type Picked = { handle: string; name: string };

export function VerifyPanel() {
  const [pack, setPack] = useState<Picked | null>(null);
  const [held, setHeld] = useState<Picked | null>(null);
  const [key, setKey] = useState("");
  const verify = useDo("evidence.verify");
  const choose = (onChosen: (file: Picked) => void) =>
    void host()
      .pickFiles()
      .then(([file]) => file && onChosen(file))
      .catch(sayProblem);
  const check = (file: Picked) => {
    const against = held === null ? {} : { against: held.handle };
    const known = key.trim() === "" ? {} : { key: key.trim() };
    verify.mutate({ handle: file.handle, ...known, ...against });
  };
  return (
    <div className="grid content-start gap-4">
      <Panel title="Check an evidence pack">
        <div className="grid gap-3">
          <TextField
            label="The log's key, if you were told it"
            mono
            value={key}
            onChange={setKey}
            placeholder="Not compared"
            help="Its fingerprint or its verifier key, from whoever keeps the log, by another way than the pack came."
          />
          <div className="flex flex-wrap items-center gap-3">
            <Button onPress={() => choose(setHeld)}>An earlier checkpoint or pack…</Button>
            <span className="min-w-0 text-muted [overflow-wrap:anywhere]">
              {held === null ? "None chosen: whether the log continues one isn't checked." : held.name}
            </span>
            {held !== null && <Button onPress={() => setHeld(null)}>Leave it out</Button>}
          </div>
          <div className="flex flex-wrap gap-3">
            <Button
              tone="primary"
              isDisabled={verify.isPending}
              onPress={() =>
                choose((file) => {
                  setPack(file);
                  check(file);
                })
              }
            >
              Choose a pack…
            </Button>
            {pack !== null && (
              <Button isDisabled={verify.isPending} onPress={() => check(pack)}>
                Check again
              </Button>
            )}
          </div>
          {verify.error ? (
            <Problem error={verify.error} what={`check ${pack?.name ?? "the pack"}`} />
          ) : verify.data ? (
            <Outcome name={pack?.name ?? "The pack"} outcome={verify.data} />
          ) : (
            <p className="text-muted">
              Recomputes everything from the file alone: it needs neither this store nor, with the tools in
              the pack, this program.
            </p>
          )}
        </div>
      </Panel>
      <AuditorPanel pack={pack} onChosen={setPack} />
    </div>
  );
}

function Verdict({ name, outcome }: { name: string; outcome: Verification }) {
  const Icon = !outcome.ok ? OctagonX : outcome.key === "pinned" ? CircleCheck : CircleDashed;
  const look = !outcome.ok ? "text-danger" : outcome.key === "pinned" ? "text-accent" : "text-muted";
  return (
    <p className="flex items-start gap-2">
      <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${look}`} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {name} {outcome.says}
      </span>
    </p>
  );
}

function Outcome({ name, outcome }: { name: string; outcome: Verification }) {
  const facts = [
    { name: "Log", value: <code className="break-all">{outcome.origin ?? "not known"}</code> },
    {
      name: "First key",
      value:
        outcome.first_fingerprint === null ? (
          "none"
        ) : (
          <code className="break-words">{outcome.first_fingerprint}</code>
        ),
    },
    { name: "Made at", value: outcome.made_at === "" ? "not known" : outcome.made_at },
    {
      name: "Query",
      value: outcome.query === "" ? "All calls" : <code className="break-all">{outcome.query}</code>,
    },
    ...(outcome.root === null ? [] : [{ name: "Root", value: <Id id={outcome.root} label="the root" /> }]),
    ...(outcome.continues === null
      ? []
      : [
          {
            name: "Continues",
            value: `the checkpoint of ${counted(outcome.continues, "leaf", "leaves")} that you hold`,
          },
        ]),
  ];
  return (
    <div role="status" className="grid gap-3 border-t border-line pt-3">
      <Verdict name={name} outcome={outcome} />
      {outcome.failures.length > 0 && (
        <ul className="grid list-disc gap-1 pl-5">
          {outcome.failures.map((failure) => (
            <li key={failure} className="[overflow-wrap:anywhere]">
              {failure}
            </li>
          ))}
        </ul>
      )}
      {outcome.failed > outcome.failures.length && (
        <p className="text-muted">
          {counted(outcome.failed - outcome.failures.length, "more failure")} not listed.
        </p>
      )}
      {outcome.ok && <AccountedFor counts={outcome.counts} />}
      {outcome.origin !== null && <Facts facts={facts} />}
      {outcome.notes.length > 0 && <Sentences of={outcome.notes} />}
    </div>
  );
}

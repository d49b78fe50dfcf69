// Checking a pack, one of ours or somebody else's: which records hold, and what doesn't.

import { CircleCheck, OctagonX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Problem } from "@/components/States";
import type { Verification } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { host } from "@/lib/host";
import { useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

export function VerifyPanel() {
  const [name, setName] = useState("");
  const verify = useDo("evidence.verify");
  const choose = () => {
    host()
      .pickFiles()
      .then(([file]) => {
        if (!file) return;
        setName(file.name);
        verify.mutate({ handle: file.handle });
      })
      .catch(sayProblem);
  };
  return (
    <Panel
      title="Check an evidence pack"
      actions={
        <Button isDisabled={verify.isPending} onPress={choose}>
          Choose a pack…
        </Button>
      }
    >
      {verify.error ? (
        <Problem error={verify.error} what={`check ${name}`} />
      ) : verify.data ? (
        <Outcome name={name} outcome={verify.data} />
      ) : (
        <p className="text-muted">
          Recomputes every record's proof from the file alone. A pack can be checked without this store, and
          without this program.
        </p>
      )}
    </Panel>
  );
}

function Outcome({ name, outcome }: { name: string; outcome: Verification }) {
  return (
    <div role="status" className="grid gap-2">
      <p className="flex items-start gap-2">
        {outcome.ok ? (
          <CircleCheck aria-hidden size={16} className="mt-0.5 shrink-0 text-accent" />
        ) : (
          <OctagonX aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />
        )}
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {outcome.ok
            ? `${name}: the proofs of all ${counted(outcome.records, "record")} hold against the root in the pack. Compare that root with one you noted earlier.`
            : outcome.failures.length > 0
              ? `${name} doesn't hold: ${counted(outcome.failures.length, "failure")}. ${counted(outcome.records, "record")} could be read.`
              : `${name} holds no record, so it proves nothing.`}
        </span>
      </p>
      {outcome.failures.length > 0 && (
        <ul className="grid list-disc gap-1 pl-5">
          {outcome.failures.map((failure) => (
            <li key={failure} className="[overflow-wrap:anywhere]">
              {failure}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

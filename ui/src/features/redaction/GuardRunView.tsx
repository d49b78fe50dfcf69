// What came of one run: how far the guard got, what it found beside the local rules, what is apart.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { FoundShare } from "@/features/redaction/FoundShare";
import { GuardCasesDialog } from "@/features/redaction/GuardCasesDialog";
import { GuardLines, type Opened } from "@/features/redaction/GuardLines";
import { FAULTS, GUARD_STATES, isPart } from "@/features/redaction/guards";
import type { GuardRun } from "@/lib/bindings";
import { count, counted, usd } from "@/lib/format";
import { useAsk } from "@/lib/query";

type Props = { run: string; onClosed: () => void };

export function GuardRunView({ run, onClosed }: Props) {
  const asked = useAsk("redaction.guard_run", { run });
  return (
    <Answered asked={asked} what="the run">
      {(shown) => <Figures of={shown} onClosed={onClosed} />}
    </Answered>
  );
}

/** "412 of 500 · 88 not: no answer in time 88" */
function judged({ run, faults }: GuardRun): string {
  const of = `${count(run.judged)} of ${counted(run.texts, "text")}`;
  if (run.judged === run.texts) return of;
  const why = faults.map((fault) => `${FAULTS[fault.name] ?? fault.name} ${count(fault.count)}`).join(", ");
  return `${of} · ${count(run.texts - run.judged)} not: ${why || "still running, or cut short"}`;
}

function Figures({ of, onClosed }: { of: GuardRun; onClosed: () => void }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [isByCell, setIsByCell] = useState(false);
  const { run } = of;
  const facts = [
    { name: "Guard", value: `${run.guard} at ${run.destination}` },
    { name: "Judged", value: judged(of) },
    { name: "Guard found", value: <FoundShare of={of.all.guard} /> },
    { name: "Local rules found", value: <FoundShare of={of.all.local} /> },
    { name: "Found wrongly by the guard", value: <FoundShare of={of.clean_guard} /> },
    { name: "Found wrongly by the local rules", value: <FoundShare of={of.clean_local} /> },
    { name: "Local rules", value: `policy ${run.policy} ${run.policy_version}` },
  ];
  if (of.not_claimed) {
    facts.splice(4, 0, {
      name: "Apart: types that it does not claim",
      value: (
        <>
          guard {count(of.not_claimed.guard.found)} of {count(of.not_claimed.guard.of)}, local rules{" "}
          {count(of.not_claimed.local.found)} of {count(of.not_claimed.local.of)}
        </>
      ),
    });
  }
  if (of.cost_usd !== null) facts.push({ name: "Cost, by its units", value: usd(of.cost_usd) });
  return (
    <div className="grid gap-4">
      <Panel
        title={`Run of ${run.guard}: ${GUARD_STATES[run.state] ?? run.state}${isPart(run.state) ? ", a part only" : ""}`}
        actions={<Button onPress={onClosed}>Back to all runs</Button>}
      >
        <div className="grid gap-3">
          {of.stopped && (
            <p role="status" className="chip-medium rounded-control p-3">
              {of.stopped}
            </p>
          )}
          <Facts facts={facts} />
          {(of.clean_guard.found > 0 || of.clean_local.found > 0) && (
            <div className="flex flex-wrap gap-2">
              {of.clean_guard.found > 0 && (
                <Button onPress={() => setOpened({ which: "clean" })}>What the guard found wrongly</Button>
              )}
              {of.clean_local.found > 0 && (
                <Button onPress={() => setOpened({ which: "clean_local" })}>
                  What the local rules found wrongly
                </Button>
              )}
            </div>
          )}
          <ul className="grid gap-1 text-sm text-muted">
            {of.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      </Panel>
      <Panel
        title={isByCell ? "By type and writing" : "By type"}
        flush
        actions={
          <Button onPress={() => setIsByCell(!isByCell)}>
            {isByCell ? "Show by type" : "Show by type and writing"}
          </Button>
        }
      >
        <GuardLines
          label="Guard and local rules"
          lines={isByCell ? of.cells : of.by_type}
          onOpened={setOpened}
        />
      </Panel>
      {of.by_writing.length > 0 && (
        <Panel title="By writing, without the types that it does not claim" flush>
          <GuardLines label="Guard and local rules by writing" lines={of.by_writing} onOpened={setOpened} />
        </Panel>
      )}
      {opened && <GuardCasesDialog run={run.id} opened={opened} onClosed={() => setOpened(null)} />}
    </div>
  );
}

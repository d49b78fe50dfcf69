// The rule for how long text is kept, and what it asks for today.

import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Sentences } from "@/components/Sentences";
import { When } from "@/components/text/When";
import { DisposeDialog } from "@/features/retention/DisposeDialog";
import { RuleDialog } from "@/features/retention/RuleDialog";
import type { RetentionStatus } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

export function RuleTab({ status }: { status: RetentionStatus }) {
  const [open, setOpen] = useState<"nothing" | "rule" | "dispose">("nothing");
  const close = () => setOpen("nothing");
  const { due, rule, phrase } = status;
  const of = (records: number) => `${count(records)} of ${counted(status.records, "record")}`;
  return (
    <div className="grid gap-4 min-[1100px]:grid-cols-2">
      <Panel
        title="How long text is kept"
        actions={<Button onPress={() => setOpen("rule")}>{rule ? "Change the rule…" : "Set a rule…"}</Button>}
      >
        <div className="grid gap-3">
          <Facts
            facts={[
              {
                name: "Rule",
                value: rule ? `${counted(rule.days, "day")} after the day of the record, UTC` : "None",
              },
              ...(rule
                ? [
                    {
                      name: "Set",
                      value: (
                        <>
                          by {rule.set_by}, <When at={rule.set_at} />
                        </>
                      ),
                    },
                  ]
                : []),
              { name: "Erased so far", value: of(status.erased) },
            ]}
          />
          <Sentences of={status.says} />
        </div>
      </Panel>
      <Panel
        title="Due now"
        actions={
          due.records > 0 && phrase !== null ? (
            <Button tone="primary" onPress={() => setOpen("dispose")}>
              Dispose of it…
            </Button>
          ) : null
        }
      >
        {rule === null ? (
          <p className="text-muted">Without a rule it isn't known what is due.</p>
        ) : (
          <div className="grid gap-3">
            <div>
              {due.records > 0 ? (
                <NoteChip word="Overdue" tone="high" />
              ) : (
                <NoteChip word="Nothing is due" tone="met" />
              )}
            </div>
            <Facts
              facts={[
                { name: "Text that is due", value: of(due.records) },
                {
                  name: "Days",
                  value: due.from_day && due.to_day ? `${due.from_day} to ${due.to_day}` : "None",
                },
                { name: "Due, but held", value: of(due.held) },
                { name: "Day keys that go", value: count(due.keys) },
                { name: "Packs in the store's folder that go", value: count(due.packs) },
              ]}
            />
          </div>
        )}
      </Panel>
      <Panel title="What an erasure doesn't reach">
        <Sentences of={status.not_reached} />
      </Panel>
      {open === "rule" && <RuleDialog days={rule?.days ?? null} onClosed={close} />}
      {open === "dispose" && phrase !== null && (
        <DisposeDialog due={due} phrase={phrase} records={status.records} onClosed={close} />
      )}
    </div>
  );
}

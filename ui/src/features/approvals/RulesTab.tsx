// What needs a second person. Switching a rule off needs one itself.

import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { When } from "@/components/text/When";
import { useApproval } from "@/lib/approving";
import type { RuleRow } from "@/lib/bindings";
import { useAsk, useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

export function RulesTab() {
  const rules = useAsk("approvals.rules", {});
  return (
    <Panel title="What needs a second person" flush>
      <Answered asked={rules} what="the rules">
        {(rows) => (
          <ul>
            {rows.map((rule) => (
              <Rule key={rule.kind} rule={rule} />
            ))}
          </ul>
        )}
      </Answered>
      <p className="px-4 py-3 text-muted">
        All rules are off until somebody switches one on. While one is on, switching it off, registering keys
        and revoking a colleague's need a second person as well.
      </p>
    </Panel>
  );
}

function Rule({ rule }: { rule: RuleRow }) {
  const set = useDo("approvals.set_rule");
  const off = useApproval("approvals.set_rule", { kind: rule.kind, on: false }, rule.on);
  const change = (on: boolean) => set.mutate({ kind: rule.kind, on }, { onError: sayProblem });
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 gap-y-1 border-b border-line px-4 py-2">
      <div className="min-w-0">
        <h3 className="flex items-center gap-2 text-base font-semibold">
          {rule.title}
          <NoteChip
            word={rule.on ? "Second person needed" : "One person is enough"}
            tone={rule.on ? "met" : "info"}
          />
        </h3>
        <p className="text-muted">
          {rule.about}
          {rule.since !== null && (
            <>
              {" "}
              Since <When at={rule.since} />.
            </>
          )}
        </p>
        {rule.on && off.request && <ApprovalNote request={off.request} />}
      </div>
      {!rule.on ? (
        <Button
          aria-label={`Switch on: ${rule.title}`}
          isDisabled={set.isPending}
          onPress={() => change(true)}
        >
          Switch on
        </Button>
      ) : off.isFree ? (
        <Button
          aria-label={`Switch off: ${rule.title}`}
          isDisabled={set.isPending}
          onPress={() => change(false)}
        >
          Switch off
        </Button>
      ) : (
        <Button
          aria-label={`Ask to switch off: ${rule.title}`}
          isDisabled={!off.canAsk || off.isAsking}
          onPress={off.ask}
        >
          {off.canAsk ? "Ask to switch off" : "Asked"}
        </Button>
      )}
    </li>
  );
}

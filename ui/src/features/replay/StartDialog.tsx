// The last step before a live run: what is sent where, what it may cost, and the phrase that says so.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import { Maybe } from "@/components/text/When";
import { useApproval } from "@/lib/approving";
import type { ReplayPlan } from "@/lib/bindings";
import { counted, usd } from "@/lib/format";

type Props = {
  plan: ReplayPlan;
  budget: string;
  onClosed: () => void;
  onConfirmed: (phrase: string) => void;
};

export function StartDialog({ plan, budget, onClosed, onConfirmed }: Props) {
  const [typed, setTyped] = useState("");
  const phrase = plan.phrase ?? "";
  const approval = useApproval("replay.start", { plan: plan.id, budget_usd: budget });
  const mustAsk = approval.isNeeded && !approval.isFree;
  return (
    <Dialog
      title={`Send ${counted(plan.sendable + plan.needs_redaction, "call")} to ${plan.destination}?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep editing</Button>
          {mustAsk ? (
            <Button tone="primary" isDisabled={!approval.canAsk || approval.isAsking} onPress={approval.ask}>
              {approval.canAsk ? "Ask for approval" : "Asked for approval"}
            </Button>
          ) : (
            <Button tone="primary" isDisabled={typed.trim() !== phrase} onPress={() => onConfirmed(phrase)}>
              Start replay, up to {usd(budget)}
            </Button>
          )}
        </>
      }
    >
      <Facts
        facts={[
          { name: "Destination", value: plan.destination },
          { name: "Place", value: <Maybe value={plan.place} /> },
          { name: "Processor", value: plan.processor },
          {
            name: "Redaction",
            value: plan.policy === "none" ? "none: sent as they are" : `policy ${plan.policy}`,
          },
          { name: "Worst case", value: usd(plan.cost_high_usd) },
          { name: "Budget", value: usd(budget) },
        ]}
      />
      {plan.warnings.length > 0 && (
        <ul className="chip-medium grid gap-1 rounded-control p-3">
          {plan.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <p>What was sent can't be called back. The trail keeps that it was sent, by whom and when.</p>
      {approval.isNeeded && (
        <>
          <ApprovalNote request={approval.request} />
          <p className="text-muted">
            An approval is of these calls, this place, this policy and this budget. The same plan made again
            has it still.
          </p>
        </>
      )}
      <Refusal error={approval.error} />
      {!mustAsk && (
        <TextField label={`To confirm, type: ${phrase}`} mono autoFocus value={typed} onChange={setTyped} />
      )}
    </Dialog>
  );
}

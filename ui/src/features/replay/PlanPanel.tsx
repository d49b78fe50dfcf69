// The dry run: what would be sent where and what it may cost. Nothing has been sent.

import { Facts } from "@/components/Facts";
import { Maybe } from "@/components/text/When";
import { SANDBOX } from "@/features/replay/choices";
import { PlanCalls } from "@/features/replay/PlanCalls";
import { PlanCounts } from "@/features/replay/PlanCounts";
import { Reasons } from "@/features/replay/Reasons";
import type { ReplayPlan } from "@/lib/bindings";
import { count, counted, usd } from "@/lib/format";

type Props = { plan: ReplayPlan; isStale: boolean };

export function PlanPanel({ plan, isStale }: Props) {
  const isSandbox = plan.backend === SANDBOX;
  const sent = plan.sendable + plan.needs_redaction;
  return (
    <div className={`grid gap-3 ${isStale ? "opacity-60" : ""}`}>
      <p>
        {counted(plan.items.length, "call")} of {count(plan.matching)} that match:
      </p>
      <PlanCounts plan={plan} />
      <Facts
        facts={[
          { name: "Destination", value: <span className="font-semibold">{plan.destination}</span> },
          { name: "Place", value: <Maybe value={plan.place} /> },
          { name: "Processor", value: plan.processor },
          { name: "Redaction", value: plan.policy === "none" ? "none" : `policy ${plan.policy}` },
          { name: "Input", value: `${counted(plan.input_tokens, "token")} in ${counted(sent, "call")}` },
          {
            name: "Cost",
            value: isSandbox ? (
              "none"
            ) : (
              <>
                {usd(plan.cost_low_usd)} – <strong>{usd(plan.cost_expected_usd)}</strong> –{" "}
                {usd(plan.cost_high_usd)}
                <span className="block text-sm text-muted">
                  low – expected – high, of {counted(sent, "call")}
                </span>
              </>
            ),
          },
          ...(plan.cost_unknown > 0
            ? [
                {
                  name: "Cost unknown",
                  value: `${counted(plan.cost_unknown, "call")}, not sent: no budget could hold them`,
                },
              ]
            : []),
          { name: "Basis", value: plan.basis },
          ...(plan.budget_usd === null ? [] : [{ name: "Budget", value: usd(plan.budget_usd) }]),
        ]}
      />
      {isSandbox && <p>Nothing leaves this computer.</p>}
      {plan.warnings.length > 0 && (
        <ul className="chip-medium grid gap-1 rounded-control p-3">
          {plan.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <Reasons items={plan.items} />
      <PlanCalls items={plan.items} isSandbox={isSandbox} />
    </div>
  );
}

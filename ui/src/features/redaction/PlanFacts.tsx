// What would be sent where. Nothing was sent yet.

import { Facts } from "@/components/Facts";
import type { GuardPlan } from "@/lib/bindings";
import { bytes, count, counted, usd } from "@/lib/format";

export function PlanFacts({ plan }: { plan: GuardPlan }) {
  return (
    <>
      <Facts
        facts={[
          {
            name: "Goes to",
            value: `${plan.destination}${plan.is_loopback ? ": this computer" : ", outside this computer"}`,
          },
          {
            name: "Sends",
            value: `${counted(plan.texts, "text")} of ${bytes(plan.bytes)}: ${count(plan.planted)} with a planted value, ${count(plan.clean)} with none`,
          },
          {
            name: "Which are",
            value: "synthetic canaries, nobody's. No stored call is sent.",
          },
          {
            name: "May cost",
            value: plan.cost_usd === null ? plan.cost_note : `${usd(plan.cost_usd)}. ${plan.cost_note}`,
          },
          { name: "Set against", value: `policy ${plan.policy} ${plan.policy_version}` },
        ]}
      />
      <section aria-label="Some of the texts" className="grid gap-1">
        <h3 className="text-sm font-semibold">Some of the texts</h3>
        <ul className="grid gap-1">
          {plan.examples.map((example) => (
            <li key={example} className="rounded-chip bg-surface2 px-2 py-1">
              <code className="wrap-anywhere whitespace-pre-wrap">{example}</code>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

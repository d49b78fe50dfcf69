// How many calls of a plan can be sent as they are, are redacted first, are refused.

import type { ReplayPlan } from "@/lib/bindings";
import { count, percent } from "@/lib/format";

export function PlanCounts({ plan }: { plan: ReplayPlan }) {
  const whole = plan.items.length;
  const rows = [
    { id: "sendable", title: "Sent as they are", value: plan.sendable },
    { id: "needs_redaction", title: "Redacted first", value: plan.needs_redaction },
    { id: "refused", title: "Refused", value: plan.refused },
  ];
  return (
    <dl className="grid grid-cols-3 gap-2">
      {rows.map((row) => (
        <div key={row.id} className="rounded-control bg-surface2 px-3 py-2">
          <dt className="text-sm text-muted">{row.title}</dt>
          <dd>
            <span className="text-lg font-semibold">{count(row.value)}</span>{" "}
            <span className="text-sm text-muted">{percent(row.value, whole)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

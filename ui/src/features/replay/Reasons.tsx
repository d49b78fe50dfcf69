// Why calls of a plan are refused, and for how many of them each reason holds.

import type { PlanItem } from "@/lib/bindings";
import { counted } from "@/lib/format";

export function Reasons({ items }: { items: readonly PlanItem[] }) {
  const reasons = new Map<string, number>();
  for (const item of items) {
    if (item.verdict !== "refused" || item.reason === null) continue;
    reasons.set(item.reason, (reasons.get(item.reason) ?? 0) + 1);
  }
  if (reasons.size === 0) return null;
  const sorted = [...reasons].sort((one, other) => other[1] - one[1]);
  return (
    <div>
      <h3 className="text-sm">Why calls are refused</h3>
      <ul className="grid list-disc gap-0.5 pl-5">
        {sorted.map(([reason, calls]) => (
          <li key={reason}>
            {counted(calls, "call")}: {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

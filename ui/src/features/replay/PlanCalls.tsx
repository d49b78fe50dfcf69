// A plan call by call: the refused first, as they are what a person must know.

import { Link } from "@tanstack/react-router";
import type { PlanItem } from "@/lib/bindings";
import { count, counted, shortId, usd } from "@/lib/format";

const SHOWN = 200;
const ORDER = ["refused", "needs_redaction", "sendable"];
const TITLES: Record<string, string> = {
  sendable: "Sent as it is",
  needs_redaction: "Redacted first",
  refused: "Refused",
};
const LOOKS: Record<string, string> = {
  sendable: "chip-info",
  needs_redaction: "chip-medium",
  refused: "chip-high",
};

type Props = { items: readonly PlanItem[]; isSandbox: boolean };

export function PlanCalls({ items, isSandbox }: Props) {
  const sorted = [...items].sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
  return (
    <section
      aria-label="Calls of the plan"
      tabIndex={0}
      className="max-h-100 overflow-auto rounded-control border border-line outline-offset-[-2px]"
    >
      <ul>
        {sorted.slice(0, SHOWN).map((item) => (
          <li key={item.call_id} className="grid gap-0.5 border-b border-line px-3 py-1.5">
            <div className="flex items-center gap-2">
              <span
                className={`shrink-0 rounded-chip px-1.5 text-sm font-semibold ${LOOKS[item.verdict] ?? "chip-unknown"}`}
              >
                {TITLES[item.verdict] ?? item.verdict}
              </span>
              <Link
                to="/trail"
                search={{ rec: item.call_id }}
                className="shrink-0 font-mono text-accent underline"
                title={`Opens call ${item.call_id} in the trail`}
              >
                {shortId(item.call_id)}
              </Link>
              <span className="min-w-0 truncate text-muted">{item.deployment}</span>
            </div>
            {item.reason && <p>{item.reason.charAt(0).toUpperCase() + item.reason.slice(1)}.</p>}
            {item.verdict !== "refused" && (
              <p className="text-sm text-muted">
                {count(item.input_tokens)} tokens in, {count(item.output_low)} – {count(item.output_expected)}{" "}
                – {count(item.output_high)} out
                {isSandbox
                  ? ""
                  : item.cost_high_usd === null
                    ? " · cost unknown"
                    : ` · ${usd(item.cost_low_usd)} – ${usd(item.cost_expected_usd)} – ${usd(item.cost_high_usd)}`}
                {item.removed.length > 0 && ` · without ${item.removed.join(", ")}`}
              </p>
            )}
          </li>
        ))}
      </ul>
      {sorted.length > SHOWN && (
        <p className="px-3 py-2 text-muted">
          {counted(sorted.length - SHOWN, "further call")} not listed; the counts above hold them.
        </p>
      )}
    </section>
  );
}

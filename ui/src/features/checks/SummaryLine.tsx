// "3 not met · 9 unknown · 1 waived · 22 met – of 35 answers", and how old that is. Never a score.

import { Link } from "@tanstack/react-router";
import { When } from "@/components/text/When";
import type { CheckSummary } from "@/lib/bindings";
import { notCovered } from "@/lib/checking";
import { ago, count, counted } from "@/lib/format";

const PARTS = [
  ["not_met", "not met"],
  ["unknown", "unknown"],
  ["waived", "waived"],
  ["met", "met"],
] as const;

export function SummaryLine({ summary }: { summary: CheckSummary }) {
  if (summary.ran_at === null) return "The checks haven't run yet: nothing is known of any answer.";
  const all = summary.met + summary.not_met + summary.unknown + summary.waived;
  return (
    <>
      {PARTS.map(([verdict, name], index) => (
        <span key={verdict}>
          {index > 0 && " · "}
          <Link to="/checks" search={{ verdict }} className="text-accent underline underline-offset-2">
            {count(summary[verdict])} {name}
          </Link>
        </span>
      ))}{" "}
      – of {counted(all, "answer")}
      <br />
      <CheckedAt summary={summary} />
    </>
  );
}

/** "Checked 3 days ago (…), 412 records imported since." Nothing before the first run. */
export function CheckedAt({ summary }: { summary: CheckSummary }) {
  if (summary.ran_at === null) return null;
  return (
    <>
      Checked {ago(summary.ran_at, Date.now())} (<When at={summary.ran_at} />)
      <Since summary={summary} />
    </>
  );
}

/** What happened after the checks ran, which their answers don't cover. */
function Since({ summary }: { summary: CheckSummary }) {
  const later = notCovered(summary.since, summary.changed, summary.unchecked, summary.policy_changed);
  if (later.length === 0) return <>, nothing imported or changed since.</>;
  return (
    <>
      , {later.join(", ")}.{" "}
      <strong className="font-semibold text-ink">Run the checks again to cover that.</strong>
    </>
  );
}

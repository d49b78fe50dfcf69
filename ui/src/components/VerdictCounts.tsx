// How many answers of the checks are not met, waived, met and unknown, of how many; each opens them.

import { Link } from "@tanstack/react-router";
import { VerdictChip } from "@/components/Chip";
import type { Verdicts } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

const ORDER = ["not_met", "unknown", "waived", "met"] as const;

type Props = {
  /** `null` before the checks ran. */
  verdicts: Verdicts | null;
  deployment: string;
};

export function VerdictCounts({ verdicts, deployment }: Props) {
  if (verdicts === null) return <VerdictChip verdict="unknown" note="– not checked yet" />;
  const all = ORDER.reduce((sum, verdict) => sum + verdicts[verdict], 0);
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {ORDER.filter((verdict) => verdicts[verdict] > 0).map((verdict) => (
        <Link
          key={verdict}
          to="/checks"
          search={{ deployment, verdict }}
          className="inline-flex min-h-6 items-center rounded-chip hover:underline"
          title={`Opens the findings of ${deployment} with this verdict`}
        >
          <VerdictChip verdict={verdict} note={count(verdicts[verdict])} />
        </Link>
      ))}
      <span className="whitespace-nowrap text-muted">of {counted(all, "answer")}</span>
    </span>
  );
}

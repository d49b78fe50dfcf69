// The findings that the filters choose, or why there are none.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Answered, Empty } from "@/components/States";
import { FindingFilters } from "@/features/checks/FindingFilters";
import { FindingsTable } from "@/features/checks/FindingsTable";
import type { CheckSummary, WireError } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

type Props = {
  asked: { data: CheckSummary | undefined; error: WireError | null; refetch: () => unknown };
};

export function FindingsTab({ asked }: Props) {
  return (
    <Answered asked={asked} what="the findings">
      {(summary) => (summary.ran_at === null ? <NeverRan /> : <Findings summary={summary} />)}
    </Answered>
  );
}

function NeverRan() {
  return (
    <Empty title="The checks haven't run yet">
      They put their questions to every deployment: to its definition, its collected settings and its calls.
      Until they have run, nothing is known – not that anything is met. Calls are searched for personal data
      on the way, on this computer.
    </Empty>
  );
}

function Findings({ summary }: { summary: CheckSummary }) {
  const { deployment, verdict, check } = useSearch({ from: "/checks" });
  const navigate = useNavigate();
  const chosen = summary.findings.filter(
    (finding) =>
      (deployment === undefined || finding.deployment === deployment) &&
      (verdict === undefined || finding.verdict === verdict) &&
      (check === undefined || finding.check === check),
  );
  if (summary.findings.length === 0) {
    return (
      <Empty title="The checks had nothing to ask of">
        They ran before any deployment was known. Import logs, then run them again.
      </Empty>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      <FindingFilters summary={summary} />
      <p role="status" className="text-muted">
        {chosen.length === summary.findings.length
          ? `All ${counted(chosen.length, "answer")}`
          : `${count(chosen.length)} of ${counted(summary.findings.length, "answer")}`}
      </p>
      {chosen.length === 0 ? (
        <Empty
          title="No answer matches these filters"
          action={<Button onPress={() => void navigate({ to: "/checks", search: {} })}>Clear filters</Button>}
        >
          All {counted(summary.findings.length, "answer")} are still there.
        </Empty>
      ) : (
        <FindingsTable findings={chosen} />
      )}
    </div>
  );
}

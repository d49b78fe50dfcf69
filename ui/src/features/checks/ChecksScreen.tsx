// What the checks answered, by check; how old the answers are; the questions themselves.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Page } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { TabBar } from "@/components/TabBar";
import { FindingsTab } from "@/features/checks/FindingsTab";
import { QuestionsTab } from "@/features/checks/QuestionsTab";
import { SummaryLine } from "@/features/checks/SummaryLine";
import type { Job } from "@/lib/bindings";
import { runChecks, useRunningChecks } from "@/lib/checking";
import { useAsk, useDo } from "@/lib/query";

export function ChecksScreen() {
  const search = useSearch({ from: "/checks" });
  const navigate = useNavigate();
  const running = useRunningChecks();
  const summary = useAsk("checks.findings", {});
  return (
    <Page
      title="Checks"
      about={summary.data && <SummaryLine summary={summary.data} />}
      actions={
        <Button tone="primary" isDisabled={running !== undefined} onPress={runChecks}>
          Run checks
        </Button>
      }
    >
      {running && <Running job={running} />}
      <TabBar
        label="Parts of the checks"
        chosen={search.tab ?? "findings"}
        onChosen={(tab) => void navigate({ to: "/checks", search: { ...search, tab } })}
        tabs={[
          { id: "findings", title: "Findings", view: () => <FindingsTab asked={summary} /> },
          { id: "questions", title: "Questions", view: () => <QuestionsTab /> },
        ]}
      />
    </Page>
  );
}

function Running({ job }: { job: Job }) {
  const cancel = useDo("jobs.cancel");
  return (
    <div className="mb-3 flex items-center gap-4 rounded-control border border-line bg-surface px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <div>{job.phase || "Starting"}</div>
        <ProgressBar job={job} />
      </div>
      <Button onPress={() => cancel.mutate({ job: job.id })}>Stop</Button>
    </div>
  );
}

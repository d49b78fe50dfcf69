// All checks: what each asks, how severe it is where it is not met, and the clauses it reads.

import { Link } from "@tanstack/react-router";
import { SeverityChip } from "@/components/Chip";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { Clauses } from "@/features/checks/Clauses";
import type { CheckRow } from "@/lib/bindings";
import { useAsk } from "@/lib/query";

const COLUMNS: Column<CheckRow>[] = [
  {
    id: "title",
    title: "Check",
    cell: (row) => (
      <Link
        to="/checks"
        search={{ check: row.id }}
        className="text-accent underline underline-offset-2"
        title="Opens its findings"
      >
        {row.title}
      </Link>
    ),
  },
  { id: "severity", title: "If not met", cell: (row) => <SeverityChip severity={row.severity} /> },
  { id: "question", title: "Question", cell: (row) => <div className="min-w-56">{row.question}</div> },
  {
    id: "clauses",
    title: "Clauses it reads",
    cell: (row) => (
      <div className="min-w-64">
        <Clauses clauses={row.clauses} />
      </div>
    ),
  },
];

export function QuestionsTab() {
  const checks = useAsk("checks.list", {});
  return (
    <Answered asked={checks} what="the questions">
      {(rows) => (
        <div className="grid grid-cols-1 gap-3">
          <p className="max-w-200 text-muted">
            A check that lacks what it needs answers unknown, never met. Which clause a check reads is our
            mapping: confirm it with your auditor.
          </p>
          <div className="rounded-control border border-line bg-surface">
            <Rows label="Questions of the checks" rows={rows} rowKey={(row) => row.id} columns={COLUMNS} />
          </div>
        </div>
      )}
    </Answered>
  );
}

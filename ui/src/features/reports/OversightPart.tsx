// Who looked at original text, and what a second person approved: counts that open their activities, and
// each time with its leaf.

import { Link } from "@tanstack/react-router";
import { ApprovalChip } from "@/components/Chip";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { Maybe, When } from "@/components/text/When";
import { Sentences } from "@/features/reports/Section";
import type { Approvals, Look, Looked, ReportCoverage, Requested, Tally } from "@/lib/bindings";
import { count } from "@/lib/format";

const tallies = (tab: "calls" | "activities"): readonly Column<Tally>[] => [
  {
    id: "what",
    title: "What",
    cell: (tally) => (
      <>
        {tally.title}
        {tally.note && <span className="block text-sm text-muted">{tally.note}</span>}
      </>
    ),
  },
  {
    id: "value",
    title: "Count",
    align: "right",
    cell: (tally) =>
      tally.query === null ? (
        count(tally.value)
      ) : (
        <TrailLink query={tally.query} tab={tab}>
          {count(tally.value)}
        </TrailLink>
      ),
  },
  { id: "of", title: "Out of", cell: (tally) => `${count(tally.of.value)} ${tally.of.what}` },
];

const TALLIES = tallies("activities");
const CALL_TALLIES = tallies("calls");

const DID: Record<string, string> = {
  revealed: "Revealed a call",
  copied: "Copied revealed text",
  exported: "Wrote an evidence pack",
  refused: "Was refused",
};

const LOOKS: readonly Column<Look>[] = [
  { id: "at", title: "Time (UTC)", width: "13rem", cell: (look) => <When at={look.at} form="cell" /> },
  { id: "who", title: "Who", cell: (look) => look.who },
  { id: "what", title: "Did", cell: (look) => DID[look.what] ?? look.what },
  {
    id: "record",
    title: "Record",
    cell: (look) =>
      look.what === "revealed" || look.what === "copied" ? (
        <Link to="/trail" search={{ rec: look.record }} className="text-accent underline underline-offset-2">
          <code className="[overflow-wrap:anywhere]">{look.record}</code>
        </Link>
      ) : (
        <code className="[overflow-wrap:anywhere]">{look.record}</code>
      ),
  },
  {
    id: "reason",
    title: "Reason",
    cell: (look) => (
      <>
        <Maybe value={look.reason} />
        {look.approval && <span className="block text-sm text-muted">approval {look.approval}</span>}
      </>
    ),
  },
  { id: "leaf", title: "Leaf", align: "right", cell: (look) => `#${count(look.leaf)}` },
];

export function CoveragePart({ coverage }: { coverage: ReportCoverage }) {
  return (
    <div className="grid gap-2">
      <Sentences sentences={coverage.says} />
      {coverage.tallies.length > 0 && (
        <Rows
          label="What the sources cover"
          rows={coverage.tallies}
          rowKey={(tally) => tally.id}
          columns={CALL_TALLIES}
        />
      )}
    </div>
  );
}

export function LookedPart({ looked }: { looked: Looked }) {
  return (
    <div className="grid gap-2">
      <Sentences sentences={looked.says} />
      <Rows
        label="How often somebody looked"
        rows={looked.tallies}
        rowKey={(tally) => tally.id}
        columns={TALLIES}
      />
      {looked.rows.length > 0 && (
        <Rows
          label="Each time that somebody looked"
          rows={looked.rows}
          rowKey={(look) => `${look.leaf}`}
          columns={LOOKS}
        />
      )}
    </div>
  );
}

const REQUESTS: readonly Column<Requested>[] = [
  { id: "state", title: "State", width: "8rem", cell: (row) => <ApprovalChip state={row.state} /> },
  {
    id: "what",
    title: "What",
    cell: (row) => (
      <>
        {row.what}
        <span className="block text-sm text-muted">
          {row.kind}, request {row.id}
        </span>
      </>
    ),
  },
  {
    id: "asked",
    title: "Asked",
    cell: (row) => (
      <>
        {row.asked_by}, <When at={row.asked_at} />, leaf #{count(row.asked_leaf)}
        <code className="block text-sm break-words">{row.asked_key}</code>
      </>
    ),
  },
  {
    id: "decided",
    title: "Decided",
    cell: (row) =>
      row.decision === null ? (
        <span className="text-muted">Nobody yet</span>
      ) : (
        <>
          {row.decision.verdict === "approved" ? "Approved" : "Refused"} by {row.decision.by},{" "}
          <When at={row.decision.at} />, leaf #{count(row.decision.leaf)}: {row.decision.reason}
          <code className="block text-sm break-words">{row.decision.key}</code>
        </>
      ),
  },
  {
    id: "used",
    title: "Used",
    cell: (row) =>
      row.used_at === null || row.used_leaf === null ? (
        <span className="text-muted">Not used</span>
      ) : (
        <>
          <When at={row.used_at} />, leaf #{count(row.used_leaf)}
        </>
      ),
  },
];

export function ApprovalsPart({ approvals }: { approvals: Approvals }) {
  return (
    <div className="grid gap-2">
      <Sentences sentences={approvals.says} />
      <Rows
        label="How often a second person approved"
        rows={approvals.tallies}
        rowKey={(tally) => tally.id}
        columns={TALLIES}
      />
      {approvals.rows.length > 0 && (
        <Rows
          label="Requests for approval"
          rows={approvals.rows}
          rowKey={(row) => row.id}
          columns={REQUESTS}
        />
      )}
    </div>
  );
}

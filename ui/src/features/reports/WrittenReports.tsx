// The reports that were written, and whether their files are still what was written.

import { NoteChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { Id } from "@/components/text/Id";
import { Missing, When } from "@/components/text/When";
import { periodText } from "@/features/reports/period";
import type { ReportRow } from "@/lib/bindings";
import { useAsk } from "@/lib/query";

const STATES: Record<string, { word: string; tone: "met" | "high" | "medium" }> = {
  unchanged: { word: "Unchanged", tone: "met" },
  changed: { word: "Changed since", tone: "high" },
  missing: { word: "Not there any more", tone: "medium" },
};

const COLUMNS: readonly Column<ReportRow>[] = [
  { id: "made", title: "Written (UTC)", cell: (row) => <When at={row.made_at} form="cell" /> },
  {
    id: "period",
    title: "Period",
    cell: (row) =>
      row.from === null || row.to === null ? <Missing /> : periodText({ from: row.from, to: row.to }),
  },
  { id: "format", title: "Format", cell: (row) => row.format.toUpperCase() },
  {
    id: "file",
    title: "File",
    cell: (row) => (
      <span className="break-all" title={row.path}>
        {row.path}
      </span>
    ),
  },
  { id: "sha256", title: "SHA-256", cell: (row) => <Id id={row.sha256} label="SHA-256 of the report" /> },
  {
    id: "state",
    title: "File now",
    cell: (row) => {
      const state = STATES[row.state] ?? { word: row.state, tone: "medium" as const };
      return <NoteChip word={state.word} tone={state.tone} />;
    },
  },
];

export function WrittenReports() {
  const asked = useAsk("reports.list", {});
  return (
    <Panel title="Written reports" flush>
      <Answered asked={asked} what="the written reports">
        {(rows) =>
          rows.length === 0 ? (
            <p className="p-4 text-muted">None yet. Each one that is created is listed here with its hash.</p>
          ) : (
            <Rows label="All written reports" rows={rows} rowKey={(row) => row.id} columns={COLUMNS} />
          )
        }
      </Answered>
    </Panel>
  );
}

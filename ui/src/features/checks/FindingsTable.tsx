// Findings under the check that they answer. Each says how many of how many it counts, and how many
// could not be judged.

import { Link } from "@tanstack/react-router";
import { SeverityChip, VerdictChip } from "@/components/Chip";
import { Ticked } from "@/components/text/Ticked";
import { CountedOf } from "@/features/checks/CountedOf";
import type { FindingRow } from "@/lib/bindings";
import { count, date, words } from "@/lib/format";

const CELL = "border-b border-line px-3 py-1.5";
const HEADS = [
  { title: "Verdict", look: "text-left" },
  { title: "Severity", look: "text-left" },
  { title: "Deployment", look: "text-left" },
  { title: "Finding", look: "text-left" },
  { title: "Counted of all", look: "text-right" },
  { title: "Not judged", look: "text-right" },
];

export function FindingsTable({ findings }: { findings: readonly FindingRow[] }) {
  const groups = new Map<string, FindingRow[]>();
  for (const finding of findings) {
    groups.set(finding.check, [...(groups.get(finding.check) ?? []), finding]);
  }
  return (
    <section
      aria-label="Findings by check"
      tabIndex={0}
      className="relative overflow-x-auto rounded-control border border-line bg-surface"
    >
      <table className="w-full border-collapse">
        <thead>
          <tr className="bg-surface2 text-sm text-muted">
            {HEADS.map((head) => (
              <th key={head.title} scope="col" className={`border-b border-line px-3 py-1.5 ${head.look}`}>
                {head.title}
              </th>
            ))}
          </tr>
        </thead>
        {[...groups].map(([check, rows]) => (
          <tbody key={check}>
            <tr>
              <th scope="rowgroup" colSpan={HEADS.length} className={`${CELL} bg-canvas pt-3 text-left`}>
                {rows[0]?.check_title}
                <span className="block font-normal text-muted">
                  {rows[0]?.clauses.map((clause) => clause.clause).join(" · ")}
                </span>
              </th>
            </tr>
            {worstFirst(rows).map((row) => (
              <Finding key={row.id} row={row} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

const WORST_FIRST: readonly string[] = ["not_met", "unknown", "waived", "met"];

function worstFirst(rows: readonly FindingRow[]): FindingRow[] {
  return [...rows].sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
}

function Finding({ row }: { row: FindingRow }) {
  return (
    <tr className="align-top hover:bg-hover">
      <td className={CELL}>
        <VerdictChip verdict={row.verdict} {...untilNote(row)} />
      </td>
      <td className={CELL}>
        {row.verdict === "met" ? (
          <span className="inline-block text-muted first-letter:uppercase">{words(row.severity)}</span>
        ) : (
          <SeverityChip severity={row.severity} />
        )}
      </td>
      <td className={`${CELL} w-44 min-w-28 [overflow-wrap:anywhere]`}>{row.deployment}</td>
      <td className={`${CELL} min-w-56`}>
        <Link
          to="/checks/$finding"
          params={{ finding: row.id }}
          className="text-accent underline decoration-1 underline-offset-2 hover:decoration-2"
        >
          <Ticked text={row.title} />
        </Link>
        <span className="block text-muted [overflow-wrap:anywhere]">{row.subject}</span>
      </td>
      <td className={`${CELL} min-w-20 text-right`}>
        <CountedOf finding={row} />
      </td>
      <td className={`${CELL} text-right whitespace-nowrap`}>{count(row.unknown)}</td>
    </tr>
  );
}

function untilNote(row: FindingRow): { note?: string } {
  return row.verdict === "waived" && row.waiver ? { note: `until ${date(row.waiver.until)}` } : {};
}

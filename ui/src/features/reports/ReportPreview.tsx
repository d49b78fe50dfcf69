// The content of the report as it would be written now.

import { VerdictChip } from "@/components/Chip";
import { FiguresPart } from "@/features/reports/FiguresPart";
import { FindingsPart } from "@/features/reports/FindingsPart";
import { HandlingPart } from "@/features/reports/HandlingPart";
import { ApprovalsPart, CoveragePart, LookedPart } from "@/features/reports/OversightPart";
import { periodText } from "@/features/reports/period";
import { Section, Sentences } from "@/features/reports/Section";
import { WeeksPart } from "@/features/reports/WeeksPart";
import type { Report } from "@/lib/bindings";
import { count, counted, words } from "@/lib/format";

export function ReportPreview({ report }: { report: Report }) {
  const { verdicts } = report;
  const total = verdicts.met + verdicts.not_met + verdicts.unknown + verdicts.waived;
  return (
    <article className="grid gap-5">
      <header className="grid gap-1">
        <p className="text-lg font-semibold">{report.title}</p>
        <p className="text-muted">
          {report.organisation} · {periodText(report.period)} (UTC) ·{" "}
          {counted(report.deployments.length, "deployment")}
          {report.sample && " · sample data, not a real organisation"}
        </p>
      </header>
      <Section title="Summary">
        <Sentences sentences={report.summary} />
        {total > 0 && (
          <ul
            aria-label={`Verdicts of ${counted(total, "finding")}`}
            className="flex flex-wrap gap-x-4 gap-y-1"
          >
            {(["not_met", "unknown", "waived", "met"] as const).map((verdict) => (
              <li key={verdict} className="flex items-center gap-1.5">
                <VerdictChip verdict={verdict} /> {count(verdicts[verdict])} of {count(total)}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Figures">
        <FiguresPart figures={report.figures} />
      </Section>
      <Section title="Findings">
        <p>{report.findings_of}</p>
        <FindingsPart findings={report.findings} isChecked={report.checked_at !== null} />
      </Section>
      <Section title="Data handling">
        <HandlingPart handling={report.handling} />
      </Section>
      <Section title="Over time">
        <WeeksPart weeks={report.weeks} />
      </Section>
      <Section title="Coverage">
        <CoveragePart coverage={report.coverage} />
      </Section>
      <Section title="What this report doesn't cover">
        <Sentences sentences={report.not_covered} />
      </Section>
      <Section title="Who looked">
        <LookedPart looked={report.looked} />
      </Section>
      <Section title="Approvals">
        <ApprovalsPart approvals={report.approvals} />
      </Section>
      <Section title="Evidence">
        <p>
          Evidence tree of {counted(report.integrity.size, "leaf", "leaves")}, root{" "}
          <code className="break-all">{report.integrity.root}</code>.{" "}
          {counted(report.imports.length, "imported file")} listed in the written report.
        </p>
        <Sentences sentences={report.integrity.says} />
        <h4 className="text-base font-semibold">What it proves</h4>
        <Sentences sentences={report.integrity.proves} />
        <h4 className="text-base font-semibold">What it doesn't prove</h4>
        <Sentences sentences={report.integrity.does_not_prove} />
      </Section>
      <Section title="CloudTrail sources">
        <Sentences
          sentences={[
            ...report.sources.says,
            ...report.sources.chains.map(
              (chain) => `${chain.title}: ${words(chain.verdict)}. ${chain.says.join(" ")}`,
            ),
          ]}
        />
      </Section>
    </article>
  );
}

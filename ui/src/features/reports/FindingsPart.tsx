// Findings with their evidence, the ones not met first.

import { Link } from "@tanstack/react-router";
import { SeverityChip, VerdictChip } from "@/components/Chip";
import { TrailLink } from "@/components/TrailLink";
import { Ticked } from "@/components/text/Ticked";
import type { Evidence, Finding } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

const SHOWN = 60;

export function FindingsPart({ findings, isChecked }: { findings: readonly Finding[]; isChecked: boolean }) {
  if (findings.length === 0) {
    return (
      <p>
        {isChecked ? "The checks had nothing to look at." : "The checks were not run."} That is not an
        assurance.{" "}
        <Link to="/checks" className="text-accent underline">
          Open the checks
        </Link>
      </p>
    );
  }
  return (
    <ul className="grid gap-3">
      {findings.slice(0, SHOWN).map((finding) => (
        <li key={finding.id} className="grid gap-1 border-b border-line pb-3">
          <FindingLine finding={finding} />
        </li>
      ))}
      {findings.length > SHOWN && (
        <li className="text-muted">
          {counted(findings.length - SHOWN, "further finding")} not shown here; the written report holds them.
        </li>
      )}
    </ul>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <VerdictChip verdict={finding.verdict} />
        {finding.verdict !== "met" && <SeverityChip severity={finding.severity} />}
        <Link
          to="/checks/$finding"
          params={{ finding: finding.id }}
          className="font-semibold text-accent underline"
        >
          <Ticked text={finding.title} />
        </Link>
      </div>
      <p className="text-sm text-muted">
        {finding.deployment} · {finding.check} · counted {count(finding.counted)} of {count(finding.of)}
        {finding.unknown > 0 && `, ${count(finding.unknown)} could not be judged`}
      </p>
      {finding.verdict !== "met" && (
        <p>
          <Ticked text={finding.detail} />
        </p>
      )}
      {finding.waiver && <p>Waiver: {finding.waiver}</p>}
      {finding.evidence.map((one) => (
        <EvidenceLine key={one.id} evidence={one} />
      ))}
      {finding.clauses.length > 0 && <p className="text-sm text-muted">{finding.clauses.join(" · ")}</p>}
    </>
  );
}

function EvidenceLine({ evidence }: { evidence: Evidence }) {
  return (
    <p className="grid grid-cols-[3rem_minmax(0,1fr)] gap-2">
      <span className="text-muted">{evidence.id}</span>
      <span className="break-words">
        {evidence.what}
        {evidence.query !== null && (
          <>
            {" "}
            <TrailLink query={evidence.query}>Open its calls</TrailLink>
          </>
        )}
        {evidence.setting !== null && <span className="block text-sm text-muted">{evidence.setting}</span>}
      </span>
    </p>
  );
}

// One finding: its statement, verdict, population, evidence, clauses, how to fix it, its waiver.

import { Link, useParams } from "@tanstack/react-router";
import { SeverityChip, VerdictChip } from "@/components/Chip";
import { Facts } from "@/components/Facts";
import { Page, Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { Ticked } from "@/components/text/Ticked";
import { When } from "@/components/text/When";
import { Clauses } from "@/features/checks/Clauses";
import { CountedOf } from "@/features/checks/CountedOf";
import { EvidenceList } from "@/features/checks/EvidenceList";
import { CheckedAt } from "@/features/checks/SummaryLine";
import { WaiverPanel } from "@/features/checks/WaiverPanel";
import type { FindingRow } from "@/lib/bindings";
import { count, date } from "@/lib/format";
import { useAsk } from "@/lib/query";

export function FindingScreen() {
  const { finding: id } = useParams({ from: "/checks/$finding" });
  const asked = useAsk("checks.explain", { id });
  const shown = asked.data?.id === id ? asked.data : undefined;
  return (
    <Page
      title={shown?.check_title ?? "Finding"}
      about={shown && <Place finding={shown} />}
      actions={
        <Link to="/checks" className="text-accent underline underline-offset-2">
          All findings
        </Link>
      }
    >
      <Answered asked={{ ...asked, data: shown }} what="the finding">
        {(finding) => <Finding finding={finding} />}
      </Answered>
    </Page>
  );
}

function Place({ finding }: { finding: FindingRow }) {
  return (
    <>
      <Link
        to="/deployments/$name"
        params={{ name: finding.deployment }}
        className="text-accent underline underline-offset-2"
      >
        {finding.deployment}
      </Link>{" "}
      · {finding.subject}
    </>
  );
}

function Finding({ finding }: { finding: FindingRow }) {
  const summary = useAsk("checks.findings", {});
  return (
    <div className="grid gap-4 min-[1100px]:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="grid content-start gap-4">
        <section
          aria-label="Verdict"
          className="grid gap-2 rounded-control border border-line bg-surface p-4"
        >
          <div className="flex flex-wrap gap-2">
            <VerdictChip
              verdict={finding.verdict}
              {...(finding.verdict === "waived" && finding.waiver
                ? { note: `until ${date(finding.waiver.until)}` }
                : {})}
            />
            <SeverityChip severity={finding.severity} />
            {finding.verdict === "met" && <span className="text-muted">severity if it were not met</span>}
          </div>
          <h2>
            <Ticked text={finding.title} />
          </h2>
          <p className="text-muted">
            <Ticked text={finding.detail} />
          </p>
          {summary.data && (
            <p className="text-muted">
              <CheckedAt summary={summary.data} />
            </p>
          )}
        </section>
        <Panel title="Evidence">
          <EvidenceList finding={finding} />
        </Panel>
        {finding.verdict !== "met" && (
          <Panel title="How to fix it">
            <p>
              <Ticked text={finding.how_to_fix} />
            </p>
          </Panel>
        )}
      </div>
      <div className="grid content-start gap-4">
        <Panel title="Population">
          <Population finding={finding} />
        </Panel>
        <Panel title="Clauses it reads">
          <Clauses clauses={finding.clauses} />
          <p className="mt-2 text-muted">Our mapping: confirm it with your auditor.</p>
        </Panel>
        <WaiverPanel finding={finding} />
      </div>
    </div>
  );
}

function Population({ finding }: { finding: FindingRow }) {
  return (
    <Facts
      facts={[
        { name: "Counted", value: <CountedOf finding={finding} /> },
        {
          name: "Not judged",
          value: (
            <>
              {count(finding.unknown)} of {count(Math.max(finding.of, finding.unknown))}{" "}
              {finding.unknown > 0 && <VerdictChip verdict="unknown" />}
            </>
          ),
        },
        {
          name: "All its calls",
          value: <TrailLink query={`deployment:${finding.deployment}`}>open in the trail</TrailLink>,
        },
        ...(finding.waiver?.ended_at
          ? [{ name: "Last waiver ended", value: <When at={finding.waiver.ended_at} /> }]
          : []),
      ]}
    />
  );
}

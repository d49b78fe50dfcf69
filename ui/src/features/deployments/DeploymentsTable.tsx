// A row for each deployment. Figures open their calls; what is not known is said, with its share.

import { Link } from "@tanstack/react-router";
import { NoteChip, VerdictChip } from "@/components/Chip";
import { NamedRegions } from "@/components/Figures";
import { KindMark, kindTitle } from "@/components/KindMark";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { Maybe, Missing } from "@/components/text/When";
import { VerdictCounts } from "@/components/VerdictCounts";
import type { DeploymentSummary } from "@/lib/bindings";
import { count, percent } from "@/lib/format";

const COLUMNS: Column<DeploymentSummary>[] = [
  {
    id: "name",
    title: "Deployment",
    cell: (row) => (
      <div className="grid min-w-32 gap-0.5">
        <Link
          to="/deployments/$name"
          params={{ name: row.name }}
          className="w-fit max-w-full font-semibold text-accent hover:underline"
        >
          <KindMark kind={row.kind} name={row.name} />
        </Link>
        <span className="text-muted">{kindTitle(row.kind)}</span>
        {!row.declared && <span className="text-muted">Not defined yet</span>}
      </div>
    ),
  },
  {
    id: "owner",
    title: "Owner",
    cell: (row) => (
      <div className="grid justify-items-start gap-1">
        <Maybe value={row.owner} />
        {row.regulated && <NoteChip word="Regulated" />}
      </div>
    ),
  },
  {
    id: "calls",
    title: "Calls",
    align: "right",
    cell: (row) => <TrailLink query={`deployment:${row.name}`}>{count(row.calls)}</TrailLink>,
  },
  { id: "ran", title: "Ran in", cell: (row) => <RanIn of={row} /> },
  { id: "unknown", title: "Region unknown", cell: (row) => <UnknownRegions of={row} /> },
  {
    id: "verdicts",
    title: "Checks",
    cell: (row) => (
      <div className="min-w-28 min-[1200px]:min-w-52">
        <VerdictCounts verdicts={row.verdicts} deployment={row.name} />
      </div>
    ),
  },
];

function RanIn({ of }: { of: DeploymentSummary }) {
  if (of.served_regions.length === 0) return <Missing />;
  return <NamedRegions of={of} />;
}

function UnknownRegions({ of }: { of: DeploymentSummary }) {
  if (of.calls === 0) return <Missing />;
  return (
    <div className="grid justify-items-start gap-0.5">
      <TrailLink query={`deployment:${of.name} -has:served_region`}>
        {count(of.region_unknown_calls)} of {count(of.calls)}
      </TrailLink>
      {of.region_unknown_calls === of.calls ? (
        <VerdictChip verdict="unknown" />
      ) : (
        <span className="text-muted">{percent(of.region_unknown_calls, of.calls)}</span>
      )}
    </div>
  );
}

export function DeploymentsTable({ deployments }: { deployments: readonly DeploymentSummary[] }) {
  return (
    <Rows
      label="Deployments and their calls"
      rows={deployments}
      rowKey={(row) => row.name}
      columns={COLUMNS}
    />
  );
}

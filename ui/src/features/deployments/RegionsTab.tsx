// Where calls were sent and where they ran, against the places that the definition allows.

import { Link } from "@tanstack/react-router";
import { PlaceChip } from "@/components/Chip";
import { Empty } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { Missing } from "@/components/text/When";
import type { DeploymentPage, RegionRow } from "@/lib/bindings";
import { count, counted, percent, share } from "@/lib/format";

export function RegionsTab({ page: { summary, regions } }: { page: DeploymentPage }) {
  if (summary.calls === 0) {
    return (
      <Empty title="The trail holds no call of this deployment">
        Import its logs to see where its calls were sent and where they ran.
      </Empty>
    );
  }
  const named = summary.calls - summary.region_unknown_calls;
  return (
    <div className="grid grid-cols-1 gap-3">
      <p className="max-w-200">
        {share(named, summary.calls)} of calls name the region they ran in.{" "}
        <TrailLink query={`deployment:${summary.name} -has:served_region`}>
          {counted(summary.region_unknown_calls, "call")}
        </TrailLink>{" "}
        {summary.region_unknown_calls === 1 ? "doesn't" : "don't"}: where a call was sent says only where it
        may have run.
      </p>
      <p>
        <span className="text-muted">Allowed places:</span>{" "}
        {summary.allowed_places.length > 0 ? (
          <code>{summary.allowed_places.join(", ")}</code>
        ) : (
          <>
            none declared, so no row can be judged.{" "}
            <Link
              to="/deployments/$name"
              params={{ name: summary.name }}
              search={{ tab: "definition" }}
              className="text-accent underline underline-offset-2"
            >
              Declare them in the definition
            </Link>
          </>
        )}
      </p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {PLACES.map((place) => ({ place, calls: callsOf(regions, place) }))
          .filter(({ calls }) => calls > 0)
          .map(({ place, calls }) => (
            <span key={place} className="inline-flex items-center gap-1.5">
              <PlaceChip place={place} /> {share(calls, summary.calls)}
            </span>
          ))}
      </p>
      <div className="rounded-control border border-line bg-surface">
        <Rows
          label="Calls by where they were sent and ran"
          rows={worstFirst(regions)}
          rowKey={(row) => row.query}
          columns={columns(summary.calls)}
        />
      </div>
    </div>
  );
}

/** The order of worry. */
const PLACES: readonly string[] = ["outside", "unknown", "not_declared", "allowed"];

function callsOf(regions: readonly RegionRow[], place: string): number {
  return regions.filter((row) => row.place === place).reduce((sum, row) => sum + row.calls, 0);
}

function worstFirst(regions: readonly RegionRow[]): RegionRow[] {
  const rank = (row: RegionRow) => PLACES.indexOf(row.place);
  return [...regions].sort((a, b) => rank(a) - rank(b) || b.calls - a.calls);
}

function columns(calls: number): Column<RegionRow>[] {
  return [
    { id: "sent", title: "Sent to", cell: (row) => row.requested_region ?? <Missing /> },
    { id: "ran", title: "Ran in", cell: (row) => row.served_region ?? <Missing /> },
    { id: "place", title: "Allowed places say", cell: (row) => <PlaceChip place={row.place} /> },
    {
      id: "calls",
      title: "Calls",
      align: "right",
      cell: (row) => <TrailLink query={row.query}>{count(row.calls)}</TrailLink>,
    },
    {
      id: "share",
      title: `Of ${counted(calls, "call")}`,
      align: "right",
      cell: (row) => percent(row.calls, calls),
    },
  ];
}

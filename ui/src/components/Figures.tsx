// Figures of a deployment's calls, each with what it is counted of and the calls behind it.

import { VerdictChip } from "@/components/Chip";
import { TrailLink } from "@/components/TrailLink";
import { Missing } from "@/components/text/When";
import type { DeploymentSummary, ServedRegion } from "@/lib/bindings";
import { count, counted, percent, usd } from "@/lib/format";

type Props = { of: DeploymentSummary };

function own(of: DeploymentSummary, terms = ""): string {
  return `deployment:${of.name}${terms && ` ${terms}`}`;
}

/** "1,210 calls" */
export function Calls({ of }: Props) {
  return <TrailLink query={own(of)}>{counted(of.calls, "call")}</TrailLink>;
}

/** "14 errors, 1.2 % of them" */
export function Errors({ of }: Props) {
  return (
    <>
      <TrailLink query={own(of, "status:error")}>{counted(of.errors, "error")}</TrailLink>
      {of.errors > 0 && <span className="text-muted"> ({percent(of.errors, of.calls)} of calls)</span>}
    </>
  );
}

/** "$4,310.20 · known for 1,204 of 1,210 calls"; a cost that nothing tells is not $0.00. */
export function Cost({ of }: Props) {
  if (of.calls === 0) return <Missing />;
  const known = (
    <TrailLink query={own(of, "has:cost_usd")}>
      {count(of.cost_known_calls)} of {counted(of.calls, "call")}
    </TrailLink>
  );
  if (of.cost_known_calls === 0) {
    return (
      <>
        <VerdictChip verdict="unknown" /> <span className="text-muted">known for</span> {known}
      </>
    );
  }
  return (
    <>
      {usd(of.cost_usd)} <span className="text-muted">· known for</span> {known}
    </>
  );
}

/** "in 12 of 380 searched calls · 830 not searched" */
export function PersonalData({ of }: Props) {
  if (of.calls === 0) return <Missing />;
  const unsearched = of.calls - of.scanned_calls;
  const rest = <TrailLink query={own(of, "scanned:no")}>{count(unsearched)} not searched</TrailLink>;
  if (of.scanned_calls === 0) {
    return (
      <>
        <VerdictChip verdict="unknown" /> <span className="text-muted">{rest}</span>
      </>
    );
  }
  return (
    <>
      <TrailLink query={own(of, "has:entity_type")}>{count(of.entity_calls)}</TrailLink>
      <span className="text-muted"> of </span>
      <TrailLink query={own(of, "scanned:yes")}>{count(of.scanned_calls)} searched</TrailLink>
      {unsearched > 0 && <span className="text-muted"> · {rest}</span>}
    </>
  );
}

/** "eu-west-1 1,000 · outside us-east-1 12": where records say that calls ran. */
export function NamedRegions({ of }: Props) {
  const outside = of.served_regions.filter((region) => region.place === "outside");
  return (
    <span className="flex flex-wrap gap-x-3">
      {of.served_regions
        .filter((region) => region.place !== "outside")
        .map((region) => (
          <Region key={region.name} region={region} />
        ))}
      {outside.length > 0 && (
        <span className="flex w-full flex-wrap gap-x-3">
          <strong className="font-semibold text-danger">outside</strong>
          {outside.map((region) => (
            <Region key={region.name} region={region} />
          ))}
        </span>
      )}
    </span>
  );
}

function Region({ region }: { region: ServedRegion }) {
  return (
    <span className="whitespace-nowrap">
      {region.name} <TrailLink query={region.query}>{count(region.calls)}</TrailLink>
    </span>
  );
}

/** The named regions, and how many calls name none, of all calls. */
export function ServedRegions({ of }: Props) {
  if (of.calls === 0) return <Missing />;
  return (
    <span className="flex flex-wrap gap-x-3">
      <NamedRegions of={of} />
      {of.region_unknown_calls > 0 && (
        <span className="whitespace-nowrap">
          not recorded{" "}
          <TrailLink query={own(of, "-has:served_region")}>{count(of.region_unknown_calls)}</TrailLink>
        </span>
      )}
      <span className="whitespace-nowrap text-muted">of {counted(of.calls, "call")}</span>
    </span>
  );
}

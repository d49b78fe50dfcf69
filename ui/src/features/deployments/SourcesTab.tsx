// Which systems recorded the deployment's calls, and which models were asked.

import { Bars } from "@/components/chart/Bars";
import { Panel } from "@/components/Page";
import { Empty } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import type { DeploymentPage, NamedCount } from "@/lib/bindings";
import { counted } from "@/lib/format";

export function SourcesTab({ page: { summary, sources, models } }: { page: DeploymentPage }) {
  if (summary.calls === 0) {
    return (
      <Empty title="The trail holds no call of this deployment">
        Import its logs to see what recorded its calls.
      </Empty>
    );
  }
  return (
    <div className="grid gap-4 min-[1100px]:grid-cols-2">
      <Panel title="Sources">
        <p className="pb-2 text-muted">A call that several sources recorded is counted under each of them.</p>
        <Bars label="Calls by source" rows={bars(sources)} whole={summary.calls} />
        <p className="pt-2 text-muted">Of {counted(summary.calls, "call")}.</p>
      </Panel>
      <Panel title="Models asked">
        <Bars label="Calls by model" rows={bars(models)} whole={summary.calls} />
        <p className="pt-2 text-muted">Of {counted(summary.calls, "call")}.</p>
      </Panel>
    </div>
  );
}

function bars(counts: readonly NamedCount[]) {
  return counts.map((row) => ({
    id: row.query,
    name: (
      <span className="[overflow-wrap:anywhere]">
        <TrailLink query={row.query}>{row.name ?? "not recorded"}</TrailLink>
      </span>
    ),
    value: row.count,
  }));
}

// The first screen: what wants attention, the deployments side by side, the state of trail and evidence.

import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Page } from "@/components/Page";
import { Answered, Empty } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { When } from "@/components/text/When";
import { AttentionPanel } from "@/features/overview/AttentionPanel";
import { Comparison } from "@/features/overview/Comparison";
import { DeploymentCard } from "@/features/overview/DeploymentCard";
import { FirstRun } from "@/features/overview/FirstRun";
import { ImportPanel } from "@/features/overview/ImportPanel";
import { IntegrityPanel } from "@/features/overview/IntegrityPanel";
import type { Overview } from "@/lib/bindings";
import { counted, date } from "@/lib/format";
import { useAsk } from "@/lib/query";

export function OverviewScreen() {
  const overview = useAsk("overview.show", {});
  if (overview.data && overview.data.deployments.length === 0 && overview.data.last_import_at === null) {
    return <FirstRun />;
  }
  return (
    <Page title="Overview" about={overview.data && <Period of={overview.data} />}>
      <Answered asked={overview} what="the overview">
        {(data) => (
          <div className="grid grid-cols-1 gap-6">
            <AttentionPanel overview={data} />
            <Deployments overview={data} />
            <div className="grid gap-4 min-[1100px]:grid-cols-2">
              <ImportPanel overview={data} />
              <IntegrityPanel overview={data} />
            </div>
          </div>
        )}
      </Answered>
    </Page>
  );
}

/** The days are those of the calls: activities may be of others, this program's own to begin with. */
function Period({ of }: { of: Overview }) {
  return (
    <>
      <TrailLink query="">{counted(of.calls, "call")}</TrailLink>
      {of.first_call_at !== null && (
        <>
          {date(of.first_call_at) === date(of.last_call_at) ? (
            " on "
          ) : (
            <>
              {" "}
              from <When at={of.first_call_at} form="date" /> to{" "}
            </>
          )}
          <When at={of.last_call_at} form="date" /> (UTC)
        </>
      )}
      {" · "}
      <TrailLink query="" tab="activities">
        {counted(of.activities, "activity", "activities")}
      </TrailLink>
    </>
  );
}

function Deployments({ overview }: { overview: Overview }) {
  const navigate = useNavigate();
  const isCompared = useSearch({ from: "/" }).view === "compare";
  const { deployments } = overview;
  return (
    <section aria-label="Deployments" className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2>Deployments</h2>
        {deployments.length > 0 && (
          <Button onPress={() => void navigate({ to: "/", search: isCompared ? {} : { view: "compare" } })}>
            {isCompared ? "Show cards" : "Compare"}
          </Button>
        )}
      </div>
      {deployments.length === 0 ? (
        <Empty title="No deployment is known yet">
          Calls bring their deployments with them. The import so far held none;{" "}
          <Link to="/imports" className="text-accent underline">
            see what it read
          </Link>
          .
        </Empty>
      ) : isCompared ? (
        <Comparison deployments={deployments} />
      ) : (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,370px),1fr))] gap-4">
          {deployments.map((deployment) => (
            <DeploymentCard key={deployment.name} deployment={deployment} />
          ))}
        </div>
      )}
    </section>
  );
}

// One deployment: how it handles data, where its calls ran, its settings, definition, sources and models.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { NoteChip, VerdictChip } from "@/components/Chip";
import { Calls, Cost, Errors } from "@/components/Figures";
import { KindMark } from "@/components/KindMark";
import { Page } from "@/components/Page";
import { Answered } from "@/components/States";
import { TabBar } from "@/components/TabBar";
import { When } from "@/components/text/When";
import { VerdictCounts } from "@/components/VerdictCounts";
import { DefinitionTab } from "@/features/deployments/DefinitionTab";
import { HandlingTab } from "@/features/deployments/HandlingTab";
import { RegionsTab } from "@/features/deployments/RegionsTab";
import { SettingsTab } from "@/features/deployments/SettingsTab";
import { SourcesTab } from "@/features/deployments/SourcesTab";
import type { DeploymentSummary } from "@/lib/bindings";
import { useAsk } from "@/lib/query";

export function DeploymentScreen() {
  const { name } = useParams({ from: "/deployments/$name" });
  const { tab } = useSearch({ from: "/deployments/$name" });
  const navigate = useNavigate();
  const page = useAsk("deployments.show", { name });
  // While another deployment is asked for, the last answer stays: it must not be taken for this one's.
  const shown = page.data?.summary.name === name ? page.data : undefined;
  return (
    <Page
      title={name}
      about={shown?.summary.description}
      actions={
        <Link to="/deployments" className="text-accent underline underline-offset-2">
          All deployments
        </Link>
      }
    >
      <Answered asked={{ ...page, data: shown }} what={`the deployment ${name}`}>
        {(data) => (
          <div className="grid grid-cols-1 gap-4">
            <Head summary={data.summary} />
            <TabBar
              label="Parts of the deployment"
              chosen={tab ?? "handling"}
              onChosen={(id) =>
                void navigate({ to: "/deployments/$name", params: { name }, search: { tab: id } })
              }
              tabs={[
                { id: "handling", title: "Data handling", view: () => <HandlingTab page={data} /> },
                { id: "regions", title: "Where calls ran", view: () => <RegionsTab page={data} /> },
                { id: "settings", title: "Settings", view: () => <SettingsTab page={data} /> },
                {
                  id: "definition",
                  title: "Definition",
                  view: () => <DefinitionTab key={name} page={data} />,
                },
                { id: "sources", title: "Sources and models", view: () => <SourcesTab page={data} /> },
              ]}
            />
          </div>
        )}
      </Answered>
    </Page>
  );
}

function Head({ summary }: { summary: DeploymentSummary }) {
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5">
      <KindMark kind={summary.kind} />
      {summary.regulated && <NoteChip word="Regulated" />}
      {summary.zero_retention && <NoteChip word="Relies on zero retention" />}
      <span>
        <span className="text-muted">Owner</span> {summary.owner ?? <VerdictChip verdict="unknown" />}
      </span>
      <span>
        <Calls of={summary} /> · <Errors of={summary} />
      </span>
      <span>
        <span className="text-muted">Cost</span> <Cost of={summary} />
      </span>
      {summary.first_call_at !== null && (
        <span className="text-muted">
          <When at={summary.first_call_at} form="date" /> to <When at={summary.last_call_at} form="date" />
        </span>
      )}
      <VerdictCounts verdicts={summary.verdicts} deployment={summary.name} />
    </div>
  );
}

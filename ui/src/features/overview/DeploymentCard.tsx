// A deployment at a glance: its traffic with what is known of it, the essentials of its data handling
// with what each rests on, and the answers of the checks.

import { Link } from "@tanstack/react-router";
import { NoteChip } from "@/components/Chip";
import { Facts } from "@/components/Facts";
import { Calls, Cost, Errors, PersonalData } from "@/components/Figures";
import { KindMark, kindTitle } from "@/components/KindMark";
import { VerdictCounts } from "@/components/VerdictCounts";
import { HandlingEssentials } from "@/features/overview/HandlingEssentials";
import type { DeploymentSummary } from "@/lib/bindings";

export function DeploymentCard({ deployment }: { deployment: DeploymentSummary }) {
  return (
    <article
      aria-label={deployment.name}
      className="flex min-w-0 flex-col gap-3 rounded-control border border-line bg-surface p-4"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="min-w-0">
          <Link
            to="/deployments/$name"
            params={{ name: deployment.name }}
            className="hover:underline"
            title={`Opens ${deployment.name}`}
          >
            <KindMark kind={deployment.kind} name={deployment.name} />
          </Link>
        </h3>
        <span className="flex items-center gap-2 text-muted">
          {deployment.regulated && <NoteChip word="Regulated" />}
          {kindTitle(deployment.kind)}
        </span>
      </div>
      <Facts
        facts={[
          {
            name: "Traffic",
            value: (
              <>
                <Calls of={deployment} /> · <Errors of={deployment} />
              </>
            ),
          },
          { name: "Cost", value: <Cost of={deployment} /> },
          { name: "Personal data", value: <PersonalData of={deployment} /> },
        ]}
      />
      <HandlingEssentials deployment={deployment} />
      <div className="mt-auto border-t border-line pt-3">
        <VerdictCounts verdicts={deployment.verdicts} deployment={deployment.name} />
      </div>
    </article>
  );
}

// All deployments: who answers for them, how much is known of where their calls ran, what the checks say.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Page } from "@/components/Page";
import { Answered, Empty } from "@/components/States";
import { AddDeploymentDialog } from "@/features/deployments/AddDeploymentDialog";
import { DeploymentsTable } from "@/features/deployments/DeploymentsTable";
import { chooseAndImport } from "@/lib/importing";
import { useAsk } from "@/lib/query";

export function DeploymentsScreen() {
  const [isAdding, setIsAdding] = useState(false);
  const deployments = useAsk("deployments.list", {});
  return (
    <Page
      title="Deployments"
      about="Where Claude is reached. Calls bring their deployment with them; a definition says who answers for it, where it may run and what it must keep to."
      actions={
        <Button tone="primary" onPress={() => setIsAdding(true)}>
          Add deployment…
        </Button>
      }
    >
      <Answered asked={deployments} what="the deployments">
        {(all) =>
          all.length === 0 ? (
            <Empty
              title="No deployment is known yet"
              action={<Button onPress={() => chooseAndImport("files")}>Import files…</Button>}
            >
              Import logs, and the deployments that they speak of appear here. Or add one and define it before
              its first call.
            </Empty>
          ) : (
            <div className="rounded-control border border-line bg-surface">
              <DeploymentsTable deployments={all} />
            </div>
          )
        }
      </Answered>
      <AddDeploymentDialog
        isOpen={isAdding}
        onClosed={() => setIsAdding(false)}
        taken={deployments.data?.map((deployment) => deployment.name) ?? []}
      />
    </Page>
  );
}

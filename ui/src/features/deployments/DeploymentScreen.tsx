import { Page } from "@/components/Page";

export function DeploymentScreen() {
  return <Page title="Deployment">{null}</Page>;
}

import { Page } from "@/components/Page";

export function DeploymentsScreen() {
  return <Page title="Deployments">{null}</Page>;
}

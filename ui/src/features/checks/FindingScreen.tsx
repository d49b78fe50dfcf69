import { Page } from "@/components/Page";

export function FindingScreen() {
  return <Page title="Finding">{null}</Page>;
}

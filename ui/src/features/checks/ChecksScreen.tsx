import { Page } from "@/components/Page";

export function ChecksScreen() {
  return <Page title="Checks">{null}</Page>;
}

import { Page } from "@/components/Page";

export function ImportsScreen() {
  return <Page title="Imports">{null}</Page>;
}

import { Page } from "@/components/Page";

export function RedactionScreen() {
  return <Page title="Redaction">{null}</Page>;
}

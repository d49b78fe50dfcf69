import { Page } from "@/components/Page";

export function ReportsScreen() {
  return <Page title="Reports">{null}</Page>;
}

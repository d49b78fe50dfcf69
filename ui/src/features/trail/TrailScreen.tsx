import { Page } from "@/components/Page";

export function TrailScreen() {
  return <Page title="Trail">{null}</Page>;
}

import { Page } from "@/components/Page";

export function ReplayScreen() {
  return <Page title="Replay">{null}</Page>;
}

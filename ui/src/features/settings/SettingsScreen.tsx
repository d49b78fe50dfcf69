import { Page } from "@/components/Page";

export function SettingsScreen() {
  return <Page title="Settings">{null}</Page>;
}

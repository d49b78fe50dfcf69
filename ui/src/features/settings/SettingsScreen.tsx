// How the window looks, who is recorded, where the store is, how old facts are.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "@/components/Page";
import { Answered } from "@/components/States";
import { TabBar } from "@/components/TabBar";
import { AboutTab } from "@/features/settings/AboutTab";
import { AppearanceTab } from "@/features/settings/AppearanceTab";
import { DatesTab } from "@/features/settings/DatesTab";
import { PrivacyTab } from "@/features/settings/PrivacyTab";
import { StoreTab } from "@/features/settings/StoreTab";
import { useAsk } from "@/lib/query";

export function SettingsScreen() {
  const { tab } = useSearch({ from: "/settings" });
  const navigate = useNavigate();
  const about = useAsk("settings.about", {});
  return (
    <Page title="Settings">
      <Answered asked={about} what="the settings">
        {(data) => (
          <TabBar
            label="Parts of the settings"
            chosen={tab ?? "appearance"}
            onChosen={(id) => void navigate({ to: "/settings", search: { tab: id } })}
            tabs={[
              { id: "appearance", title: "Appearance", view: () => <AppearanceTab /> },
              { id: "privacy", title: "Privacy", view: () => <PrivacyTab about={data} /> },
              { id: "store", title: "Store", view: () => <StoreTab about={data} /> },
              { id: "dates", title: "Data as of", view: () => <DatesTab about={data} /> },
              { id: "about", title: "About", view: () => <AboutTab about={data} /> },
            ]}
          />
        )}
      </Answered>
    </Page>
  );
}

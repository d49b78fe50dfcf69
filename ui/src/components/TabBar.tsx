// Tabs of a screen or a pane.

import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";

export type TabView = { id: string; title: string; view: () => ReactNode };
type Props = {
  label: string;
  tabs: readonly TabView[];
  chosen: string;
  onChosen: (id: string) => void;
  fill?: boolean;
};

export function TabBar({ label, tabs, chosen, onChosen, fill = false }: Props) {
  return (
    <Tabs
      selectedKey={tabs.some((tab) => tab.id === chosen) ? chosen : (tabs[0]?.id ?? "")}
      onSelectionChange={(key) => onChosen(String(key))}
      className={fill ? "flex h-full min-h-0 flex-col" : ""}
    >
      <TabList
        aria-label={label}
        className={`flex shrink-0 flex-wrap border-b border-line ${fill ? "" : "gap-1"}`}
      >
        {tabs.map((tab) => (
          <Tab
            key={tab.id}
            id={tab.id}
            data-title={tab.title}
            // The chosen one is bold: room for that is kept, so that choosing moves no other tab.
            className={`-mb-px cursor-default border-b-2 border-transparent ${fill ? "px-2.5" : "px-3"} py-1.5 text-center text-muted outline-offset-[-2px] after:invisible after:block after:h-0 after:overflow-hidden after:font-semibold after:content-[attr(data-title)_/_''] hover:text-ink selected:border-accent selected:font-semibold selected:text-ink`}
          >
            {tab.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel
          key={tab.id}
          id={tab.id}
          className={
            fill ? "relative min-h-0 flex-1 overflow-auto outline-offset-[-2px]" : "pt-4 outline-offset-2"
          }
        >
          {tab.view()}
        </TabPanel>
      ))}
    </Tabs>
  );
}

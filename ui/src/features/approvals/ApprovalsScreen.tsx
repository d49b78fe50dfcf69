// Four eyes: what waits for a second person, who can approve, and what needs it.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "@/components/Page";
import { TabBar } from "@/components/TabBar";
import { PersonsTab } from "@/features/approvals/PersonsTab";
import { RequestsTab } from "@/features/approvals/RequestsTab";
import { RulesTab } from "@/features/approvals/RulesTab";

export function ApprovalsScreen() {
  const { tab } = useSearch({ from: "/approvals" });
  const navigate = useNavigate();
  return (
    <Page
      title="Approvals"
      about="What a second person has to approve, with a key of their own. An approval is of exactly one deed, good once and for a time."
    >
      <TabBar
        label="Parts of the approvals"
        chosen={tab ?? "requests"}
        onChosen={(id) => void navigate({ to: "/approvals", search: { tab: id } })}
        tabs={[
          { id: "requests", title: "Requests", view: () => <RequestsTab /> },
          { id: "persons", title: "Persons and keys", view: () => <PersonsTab /> },
          { id: "rules", title: "Rules", view: () => <RulesTab /> },
        ]}
      />
    </Page>
  );
}

// Retention of this store: how long text is kept, legal holds, and erasing what is stored of one person.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "@/components/Page";
import { Answered } from "@/components/States";
import { TabBar } from "@/components/TabBar";
import { HoldsTab } from "@/features/retention/HoldsTab";
import { PersonTab } from "@/features/retention/PersonTab";
import { RequestsTab } from "@/features/retention/RequestsTab";
import { RuleTab } from "@/features/retention/RuleTab";
import { useAsk } from "@/lib/query";

export function RetentionScreen() {
  const { tab } = useSearch({ from: "/retention" });
  const navigate = useNavigate();
  const status = useAsk("retention.status", {});
  const requests = useAsk("retention.requests", {});
  return (
    <Page
      title="Retention"
      about="How long this store keeps text, what must be kept, and erasing what it holds of one person."
    >
      <TabBar
        label="Parts of retention"
        chosen={tab ?? "rule"}
        onChosen={(id) => void navigate({ to: "/retention", search: { tab: id } })}
        tabs={[
          {
            id: "rule",
            title: "Rule",
            view: () => (
              <Answered asked={status} what="the retention rule">
                {(data) => <RuleTab status={data} />}
              </Answered>
            ),
          },
          { id: "holds", title: "Legal holds", view: () => <HoldsTab /> },
          {
            id: "person",
            title: "Erase a person",
            view: () => (
              <Answered asked={requests} what="the grounds for an erasure">
                {(data) => <PersonTab bases={data.bases} />}
              </Answered>
            ),
          },
          {
            id: "requests",
            title: "Requests and erasures",
            view: () => (
              <Answered asked={requests} what="requests and erasures">
                {(data) => <RequestsTab all={data} />}
              </Answered>
            ),
          },
        ]}
      />
    </Page>
  );
}

// Whether the trail can be proved: to where it is signed, packs for somebody else, and checking one.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "@/components/Page";
import { Answered } from "@/components/States";
import { TabBar } from "@/components/TabBar";
import { AnchorsPart } from "@/features/evidence/AnchorsPart";
import { CheckPanel } from "@/features/evidence/CheckPanel";
import { KeyPanel } from "@/features/evidence/KeyPanel";
import { RollbackPanel } from "@/features/evidence/RollbackPanel";
import { TreePanel } from "@/features/evidence/TreePanel";
import { VerifyPanel } from "@/features/evidence/VerifyPanel";
import { WritePackPanel } from "@/features/evidence/WritePackPanel";
import { useAsk } from "@/lib/query";

export function EvidenceScreen() {
  const { tab } = useSearch({ from: "/evidence" });
  const navigate = useNavigate();
  const status = useAsk("evidence.status", {});
  return (
    <Page
      title="Evidence"
      about="What shows whether anything in the trail was changed, removed or put in between."
    >
      <TabBar
        label="Parts of the evidence"
        chosen={tab ?? "tree"}
        onChosen={(id) => void navigate({ to: "/evidence", search: { tab: id } })}
        tabs={[
          {
            id: "tree",
            title: "Tree",
            view: () => (
              <Answered asked={status} what="the evidence tree">
                {(data) => (
                  <div className="grid gap-4 min-[1100px]:grid-cols-2">
                    {data.rollback && (
                      <div className="min-[1100px]:col-span-2">
                        <RollbackPanel rollback={data.rollback} size={data.size} />
                      </div>
                    )}
                    <TreePanel status={data} />
                    <div className="grid content-start gap-4">
                      <CheckPanel status={data} />
                      <KeyPanel shown={data.key} />
                    </div>
                  </div>
                )}
              </Answered>
            ),
          },
          { id: "anchors", title: "Anchors", view: () => <AnchorsPart /> },
          {
            id: "packs",
            title: "Packs",
            view: () => (
              <div className="grid items-start gap-4 min-[1100px]:grid-cols-2">
                <WritePackPanel />
                <VerifyPanel />
              </div>
            ),
          },
        ]}
      />
    </Page>
  );
}

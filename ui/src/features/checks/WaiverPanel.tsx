// The waiver of a finding: who accepted what for how long, setting one, ending one. Never deleted.

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { When } from "@/components/text/When";
import { EndWaiverDialog } from "@/features/checks/EndWaiverDialog";
import { WaiveDialog } from "@/features/checks/WaiveDialog";
import type { FindingRow, WaiverRow } from "@/lib/bindings";
import { words } from "@/lib/format";

export function WaiverPanel({ finding }: { finding: FindingRow }) {
  const [open, setOpen] = useState<"nothing" | "waive" | "end">("nothing");
  const isWaived = finding.verdict === "waived";
  const close = () => setOpen("nothing");
  return (
    <Panel
      title="Waiver"
      actions={
        isWaived ? (
          <Button onPress={() => setOpen("end")}>End waiver…</Button>
        ) : (
          finding.verdict !== "met" && <Button onPress={() => setOpen("waive")}>Waive…</Button>
        )
      }
    >
      {finding.waiver ? (
        <div className="grid gap-2">
          {!isWaived && <p>{whyNot(finding, finding.waiver)}</p>}
          <Waiver waiver={finding.waiver} />
        </div>
      ) : (
        <p className="text-muted">
          {finding.verdict === "met"
            ? "A finding that is met needs none."
            : "Nobody accepted this finding. A waiver accepts it for a time, with a reason; it changes no record and ends by itself."}
        </p>
      )}
      {open === "waive" && <WaiveDialog finding={finding} onClosed={close} />}
      {open === "end" && <EndWaiverDialog finding={finding} onClosed={close} />}
    </Panel>
  );
}

/** Why a waiver is not in force. */
function whyNot(finding: FindingRow, waiver: WaiverRow): string {
  if (waiver.ended_at !== null) return "This waiver was ended.";
  if (waiver.accepted === "unknown" && finding.verdict === "not_met") {
    return "This waiver was given while the answer was unknown. It doesn't cover that it is not met.";
  }
  return "This waiver has run out.";
}

function Waiver({ waiver }: { waiver: WaiverRow }) {
  return (
    <Facts
      facts={[
        { name: "Accepted", value: words(waiver.accepted) },
        { name: "Reason", value: waiver.reason },
        { name: "Owner", value: waiver.owner },
        {
          name: "Approver",
          value:
            waiver.approval === null ? (
              `${waiver.approver}: named, not signed`
            ) : (
              <>
                {waiver.approver}:{" "}
                <Link
                  to="/approvals"
                  search={{ id: waiver.approval }}
                  className="text-accent underline underline-offset-2"
                >
                  signed
                </Link>
              </>
            ),
        },
        { name: "Set", value: <When at={waiver.set_at} /> },
        { name: "Until", value: <When at={waiver.until} form="date" /> },
        ...(waiver.ended_at === null ? [] : [{ name: "Ended", value: <When at={waiver.ended_at} /> }]),
      ]}
    />
  );
}

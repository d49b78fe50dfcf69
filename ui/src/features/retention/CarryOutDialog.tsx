// Erasing what waited in a request for a hold that is released.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { ErasedResult } from "@/features/retention/ErasedResult";
import { useErasing } from "@/features/retention/useErasing";
import { useApproval } from "@/lib/approving";
import type { RequestRow } from "@/lib/bindings";
import { counted } from "@/lib/format";

type Props = { row: RequestRow; onClosed: () => void };

export function CarryOutDialog({ row, onClosed }: Props) {
  const [typed, setTyped] = useState("");
  const erasing = useErasing("retention.carry_out");
  const phrase = row.phrase ?? "";
  const approval = useApproval("retention.carry_out", { request: row.request, phrase }, phrase !== "");
  if (erasing.done) return <ErasedResult done={erasing.done} onClosed={onClosed} />;
  return (
    <Dialog
      title={`Erase what waits of request ${row.request} for good?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep it</Button>
          {approval.isNeeded && !approval.isFree ? (
            <Button tone="primary" isDisabled={!approval.canAsk || approval.isAsking} onPress={approval.ask}>
              {approval.canAsk ? "Ask for approval" : "Asked for approval"}
            </Button>
          ) : (
            <Button
              tone="danger"
              isDisabled={typed.trim() !== phrase || erasing.isRunning}
              onPress={() => void erasing.begin({ request: row.request, phrase })}
            >
              Erase
            </Button>
          )}
        </>
      }
    >
      <p>{counted(row.waiting, "record")} wait. Those that a hold still covers stay.</p>
      <TextField label={`To erase it, type ${phrase}`} mono autoFocus value={typed} onChange={setTyped} />
      {approval.isNeeded && <ApprovalNote request={approval.request} />}
      {approval.error && <Problem error={approval.error} what="ask for approval" />}
      {erasing.error && <Problem error={erasing.error} what="erase it" />}
    </Dialog>
  );
}

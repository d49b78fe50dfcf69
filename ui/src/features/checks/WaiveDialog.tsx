// Accepting a finding for a time: a reason, an owner, an approver who is somebody else, an end.

import { useState } from "react";
import { Button } from "@/components/Button";
import { DateField } from "@/components/form/DateField";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import {
  endProblem,
  inDays,
  MOST_DAYS,
  peopleProblem,
  reasonProblem,
  USUAL_DAYS,
} from "@/features/checks/waiving";
import type { FindingRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { finding: FindingRow; onClosed: () => void };

export function WaiveDialog({ finding, onClosed }: Props) {
  const [reason, setReason] = useState("");
  const [owner, setOwner] = useState("");
  const [approver, setApprover] = useState("");
  const [until, setUntil] = useState<string | null>(() => inDays(USUAL_DAYS, Date.now()));
  const [isTried, setIsTried] = useState(false);
  const waive = useDo("checks.waive");
  const problems = {
    reason: reasonProblem(reason),
    owner: owner.trim() === "" ? "Name who answers for it." : undefined,
    approver: peopleProblem(owner, approver),
    until: endProblem(until, Date.now()),
  };
  const submit = () => {
    setIsTried(true);
    if (Object.values(problems).some((problem) => problem !== undefined) || until === null) return;
    waive.mutate(
      { id: finding.id, reason, owner, approver, until },
      {
        onSuccess: () => {
          onClosed();
          say("The finding is waived. The trail records who did so and why.");
        },
      },
    );
  };
  const shown = (problem: string | undefined) => (isTried ? problem : undefined);
  return (
    <Dialog
      title="Waive this finding?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Keep it open</Button>
          <Button tone="primary" isDisabled={waive.isPending} onPress={submit}>
            Waive finding
          </Button>
        </>
      }
    >
      <p>{finding.title}</p>
      <TextField
        label="Reason"
        autoFocus
        lines={3}
        value={reason}
        onChange={setReason}
        help={`At least 30 characters; ${reason.trim().length} so far. Goes into the trail and into reports.`}
        error={shown(problems.reason)}
      />
      <TextField label="Owner" value={owner} onChange={setOwner} error={shown(problems.owner)} />
      <TextField
        label="Approver"
        value={approver}
        onChange={setApprover}
        help="Somebody else than the owner"
        error={shown(problems.approver)}
      />
      <div className="grid gap-1">
        <DateField
          label="Ends after"
          day={until}
          onChanged={setUntil}
          help={`Within ${MOST_DAYS} days. Then the finding is open again by itself.`}
        />
        {isTried && problems.until && <p className="text-sm text-danger">{problems.until}</p>}
      </div>
      {waive.error && <Problem error={waive.error} what="waive the finding" />}
    </Dialog>
  );
}

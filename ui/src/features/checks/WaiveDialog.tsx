// Accepting a finding for a time: a reason, an owner, an approver who is somebody else, an end.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { DateField } from "@/components/form/DateField";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { Ticked } from "@/components/text/Ticked";
import { useAskedWaiver } from "@/features/checks/useAskedWaiver";
import {
  endProblem,
  inDays,
  MOST_DAYS,
  peopleProblem,
  reasonProblem,
  USUAL_DAYS,
} from "@/features/checks/waiving";
import { useApproval, useRule } from "@/lib/approving";
import type { FindingRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";
import { useDebounced } from "@/lib/useDebounced";

type Props = { finding: FindingRow; onClosed: () => void };

export function WaiveDialog({ finding, onClosed }: Props) {
  const [reason, setReason] = useState("");
  const [owner, setOwner] = useState("");
  const [approver, setApprover] = useState("");
  const [until, setUntil] = useState<string | null>(() => inDays(USUAL_DAYS, Date.now()));
  const [isTried, setIsTried] = useState(false);
  const waive = useDo("checks.waive");
  const isSigned = useRule("waivers");
  const asked = useAskedWaiver(finding.id, isSigned);
  const problems = {
    reason: reasonProblem(reason),
    owner: owner.trim() === "" ? "Name who answers for it." : undefined,
    approver: isSigned ? undefined : peopleProblem(owner, approver),
    until: endProblem(until, Date.now()),
  };
  const isWhole = Object.values(problems).every((problem) => problem === undefined);
  const settled = {
    id: finding.id,
    reason: useDebounced(reason, 300),
    owner: useDebounced(owner, 300),
    approver: "",
    until: useDebounced(until ?? "", 300),
  };
  // What is asked for is what stands here, not what stood here a moment ago.
  const isSettled = settled.reason === reason && settled.owner === owner && settled.until === (until ?? "");
  const approval = useApproval("checks.waive", settled, isSigned && isWhole && isSettled);
  const error = waive.error ?? approval.error;
  const mustAsk = isSigned && !(isWhole && approval.isFree && approval.isNeeded);
  const submit = () => {
    setIsTried(true);
    if (!isWhole || until === null) return;
    if (mustAsk) {
      approval.ask();
      return;
    }
    waive.mutate(
      { id: finding.id, reason, owner, approver: isSigned ? "" : approver, until },
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
          <Button
            tone="primary"
            isDisabled={waive.isPending || approval.isAsking || (mustAsk && isWhole && !approval.canAsk)}
            onPress={submit}
          >
            {!mustAsk
              ? "Waive finding"
              : approval.request?.state === "waiting"
                ? "Asked for approval"
                : "Ask for approval"}
          </Button>
        </>
      }
    >
      <p>
        <Ticked text={finding.title} />
      </p>
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
      {!isSigned && (
        <TextField
          label="Approver"
          value={approver}
          onChange={setApprover}
          help="Somebody else than the owner. A name only: nobody signs it."
          error={shown(problems.approver)}
        />
      )}
      <div className="grid gap-1">
        <DateField
          label="Ends after"
          day={until}
          onChanged={setUntil}
          help={`Within ${MOST_DAYS} days. Then the finding is open again by itself.`}
        />
        {isTried && problems.until && <p className="text-sm text-danger">{problems.until}</p>}
      </div>
      {isSigned && asked && (asked.reason !== reason || asked.owner !== owner || asked.until !== until) && (
        <p className="flex flex-wrap items-center gap-2">
          A waiver of this finding was asked for already.
          <Button
            onPress={() => {
              setReason(asked.reason);
              setOwner(asked.owner);
              setUntil(asked.until);
            }}
          >
            Fill in what was asked for
          </Button>
        </p>
      )}
      {isSigned && (isWhole || !approval.isNeeded) && (
        <ApprovalNote request={approval.isNeeded ? approval.request : null} />
      )}
      {error && <Problem error={error} what={waive.error ? "waive the finding" : "ask for approval"} />}
    </Dialog>
  );
}

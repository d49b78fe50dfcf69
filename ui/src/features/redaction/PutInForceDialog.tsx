// Puts a policy in force, once somebody has read what stands against it and what that changes.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { GatePoints } from "@/features/redaction/GatePoints";
import { JobLine } from "@/features/redaction/JobLine";
import { useApproval } from "@/lib/approving";
import type { PolicyRow } from "@/lib/bindings";
import { run, useNewest } from "@/lib/jobs";
import { useAsk, useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

/** No deployment has this name. */
const EVERYWHERE = " ";
/** The fewest characters of a reason. */
const LEAST = 10;

type Props = { policy: PolicyRow; onClosed: () => void };

export function PutInForceDialog({ policy, onClosed }: Props) {
  const put = useDo("redaction.put_in_force");
  const deployments = useAsk("deployments.list", {});
  const [place, setPlace] = useState(EVERYWHERE);
  const [reason, setReason] = useState("");
  const [started, setStarted] = useState<number | null>(null);
  const input = { name: policy.reference, ...(place !== EVERYWHERE && { deployment: place }) };
  const asked = useAsk("redaction.gate_standing", input);
  // What is known of another place says nothing of this one.
  const gate = asked.isPlaceholderData ? undefined : asked.data;
  const { job } = useNewest("redaction.gate");
  const isRunning = job?.state === "running";
  const approval = useApproval("redaction.put_in_force", input);
  const error = put.error ?? approval.error;
  const text = reason.trim();
  const isReady = gate !== undefined && !isRunning && (!gate.needs_reason || text.length >= LEAST);
  return (
    <Dialog
      title={`Put policy ${policy.reference} in force?`}
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed} autoFocus>
            Leave it as it is
          </Button>
          {approval.isNeeded && !approval.isFree ? (
            <Button tone="primary" isDisabled={!approval.canAsk || approval.isAsking} onPress={approval.ask}>
              {approval.canAsk ? "Ask for approval" : "Asked for approval"}
            </Button>
          ) : (
            <Button
              tone="primary"
              isDisabled={put.isPending || !isReady}
              onPress={() =>
                put.mutate(
                  { ...input, ...(text !== "" && { reason: text }) },
                  {
                    onSuccess: (row) => {
                      say(
                        place === EVERYWHERE
                          ? `Policy ${row.reference} is in force.`
                          : `Policy ${row.reference} is in force for ${place}.`,
                      );
                      onClosed();
                    },
                  },
                )
              }
            >
              {gate?.needs_reason ? "Put in force all the same" : "Put in force"}
            </Button>
          )}
        </>
      }
    >
      <Select
        label="Where"
        chosen={place}
        onChosen={setPlace}
        options={[
          {
            id: EVERYWHERE,
            title: "By default",
            about: "Everywhere that no other is in force, and for what belongs to no deployment",
          },
          ...(deployments.data ?? []).map((one) => ({ id: one.name, title: `Only for ${one.name}` })),
        ]}
      />
      {asked.error && <Problem error={asked.error} what="find out what stands against it" />}
      {!gate && !asked.error && <p className="text-muted">Looking what stands against it…</p>}
      {gate && (
        <>
          <p>
            It would replace <strong>{gate.before}</strong>. What was not tried is unknown, and not passed.
          </p>
          <GatePoints gate={gate} />
          {gate.to_run.length > 0 && !isRunning && (
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Button
                onPress={() => {
                  // How it ends is told by the job itself.
                  run("redaction.gate", input, setStarted).catch(() => undefined);
                }}
              >
                Find out now
              </Button>
              <span className="text-sm text-muted">
                Runs {gate.to_run.join(", and ")}. Nothing is sent; the counts go into the trail.
              </span>
            </div>
          )}
          {job && (isRunning || job.id === started) && <JobLine job={job} what="find that out" />}
          {gate.needs_reason && (
            <TextField
              label="Why all the same"
              value={reason}
              onChange={setReason}
              maxLength={500}
              help={`At least ${LEAST} characters. It goes into the trail first, with the points above.`}
            />
          )}
        </>
      )}
      <ul className="grid list-disc gap-1 pl-5">
        <li>
          From now on every screen, report and comparison masks records
          {place === EVERYWHERE ? "" : ` of ${place}`} by this policy.
        </li>
        <li>
          How many calls hold personal data was counted by the policy before. Run the checks again to search
          the calls by this one.
        </li>
        <li>Records themselves are not changed, and replays keep the policy that they choose.</li>
        <li>
          Your name and the time go into the trail
          {gate ? `; putting ${gate.before} in force again is a further entry.` : "."}
        </li>
      </ul>
      {approval.isNeeded && <ApprovalNote request={approval.request} />}
      {error && (
        <p role="alert" className="text-danger">
          {error.message}
          {error.hint && ` · ${error.hint}`}
        </p>
      )}
    </Dialog>
  );
}

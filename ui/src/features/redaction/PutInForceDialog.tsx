// Puts a policy in force, or ends a deployment's own one, once somebody has read what stands against it
// and what that changes.

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { GateChanges } from "@/components/GateChanges";
import { GatePoints } from "@/components/GatePoints";
import { Limits } from "@/components/Limits";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import { Problem } from "@/components/States";
import { JobLine } from "@/features/redaction/JobLine";
import { useAskedBefore } from "@/features/redaction/useAskedBefore";
import { useApproval, useRule } from "@/lib/approving";
import type { PolicyRow } from "@/lib/bindings";
import { run, useNewest } from "@/lib/jobs";
import { useAsk, useDo } from "@/lib/query";
import { say } from "@/lib/toasts";
import { useDebounced } from "@/lib/useDebounced";

/** No deployment has this name. */
const EVERYWHERE = " ";
/** How long typing rests before it is asked whether that was approved. */
const REST_MS = 300;
/** The fewest characters of a reason. */
const LEAST = 10;

type Props = {
  onClosed: () => void;
  /** What is put in force; otherwise the deployment whose own policy ends. */
  policy?: PolicyRow;
  ends?: string;
};

export function PutInForceDialog({ policy, ends, onClosed }: Props) {
  const put = useDo("redaction.put_in_force");
  const follow = useDo("redaction.follow_default");
  const deployments = useAsk("deployments.list", {});
  const [place, setPlace] = useState(EVERYWHERE);
  const [typed, setTyped] = useState<string | null>(null);
  const [started, setStarted] = useState<number | null>(null);
  const deployment = ends ?? (place === EVERYWHERE ? undefined : place);
  const isSigned = useRule("policies");
  const before = useAskedBefore({ policy: policy?.name, deployment, ends }, isSigned);
  const reason = typed ?? before.reason ?? "";
  const input = policy
    ? { name: policy.reference, ...(deployment !== undefined && { deployment }) }
    : { deployment: ends ?? "" };
  const asked = useAsk("redaction.gate_standing", input);
  // What is known of another place says nothing of this one.
  const gate = asked.isPlaceholderData ? undefined : asked.data;
  const { job } = useNewest("redaction.gate");
  const isRunning = job?.state === "running";
  const text = reason.trim();
  const why = text !== "" && { reason: text };
  // What is asked for is what stands here, not what stood here a moment ago.
  const settled = useDebounced(text, REST_MS);
  const isWhole = gate !== undefined && (!gate.needs_reason || text.length >= LEAST);
  const approval = useApproval(
    policy ? "redaction.put_in_force" : "redaction.follow_default",
    { ...input, ...why },
    isSigned && isWhole && settled === text,
  );
  const mustAsk = isSigned && !(isWhole && approval.isNeeded && approval.isFree);
  const error = put.error ?? follow.error ?? approval.error;
  const act = () => {
    const done = (row: PolicyRow) => {
      say(
        deployment === undefined
          ? `Policy ${row.reference} is in force.`
          : `Policy ${row.reference} is in force for ${deployment}.`,
      );
      onClosed();
    };
    if (policy) put.mutate({ ...input, name: policy.reference, ...why }, { onSuccess: done });
    else if (ends !== undefined) follow.mutate({ deployment: ends, ...why }, { onSuccess: done });
  };
  const deed = policy ? "Put in force" : "Go by the default";
  const isReady = isWhole && !isRunning;
  return (
    <Dialog
      title={policy ? `Put policy ${policy.reference} in force?` : `Let ${ends} go by the default?`}
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed} autoFocus>
            Leave it as it is
          </Button>
          {mustAsk ? (
            <Button
              tone="primary"
              isDisabled={!isReady || !approval.canAsk || approval.isAsking}
              onPress={approval.ask}
            >
              {approval.request?.state === "waiting" ? "Asked for approval" : "Ask for approval"}
            </Button>
          ) : (
            <Button tone="primary" isDisabled={put.isPending || follow.isPending || !isReady} onPress={act}>
              {gate?.needs_reason ? `${deed} all the same` : deed}
            </Button>
          )}
        </>
      }
    >
      {policy && (
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
      )}
      {asked.error && <Problem error={asked.error} what="find out what stands against it" />}
      {!gate && !asked.error && <p className="text-muted">Looking what stands against it…</p>}
      {gate && (
        <>
          <p>
            {policy ? "It" : <strong>{gate.after}</strong>} would replace <strong>{gate.before}</strong>. What
            was not tried is unknown, what was tried in part is incomplete; neither is passed.
          </p>
          <GatePoints points={gate.points} />
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
          {(gate.needs_reason || reason !== "") && (
            <TextField
              label={gate.needs_reason ? "Why all the same" : "Reason"}
              value={reason}
              onChange={setTyped}
              maxLength={500}
              help={
                isSigned
                  ? `At least ${LEAST} characters. Whoever approves reads it, and approves this very reason.`
                  : `At least ${LEAST} characters. It goes into the trail first, with the points above.`
              }
            />
          )}
          <GateChanges gate={gate} />
          <details>
            <summary className="cursor-pointer text-muted">What these points do not say</summary>
            <div className="pt-2">
              <Limits sentences={gate.limits} />
            </div>
          </details>
        </>
      )}
      <ul className="grid list-disc gap-1 pl-5">
        <li>
          From now on every screen, report and comparison masks records
          {deployment === undefined ? "" : ` of ${deployment}`} by this policy.
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
      {isSigned &&
        (approval.request === null && before.refused !== null ? (
          <p className="wrap-anywhere">
            {before.refused.decision?.by.name} refused the last request for this: “
            {before.refused.decision?.reason}”. It can be asked for again.{" "}
            <Link
              to="/approvals"
              search={{ id: before.refused.id }}
              className="text-accent underline underline-offset-2"
            >
              Open the request
            </Link>
          </p>
        ) : (
          <ApprovalNote request={approval.isNeeded ? approval.request : null} />
        ))}
      <Refusal error={error} />
    </Dialog>
  );
}

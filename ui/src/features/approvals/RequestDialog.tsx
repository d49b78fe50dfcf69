// One request: what is asked, what was said, and whatever can be done with it now.

import { useState } from "react";
import { Button } from "@/components/Button";
import { ApprovalChip } from "@/components/Chip";
import { Facts } from "@/components/Facts";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Answered, Problem } from "@/components/States";
import { When } from "@/components/text/When";
import { Asked } from "@/features/approvals/Asked";
import { AskedGatePoints } from "@/features/approvals/AskedGatePoints";
import { useWritten } from "@/lib/approving";
import type { ApprovalRow } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { count } from "@/lib/format";
import { host } from "@/lib/host";
import { useAsk, useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

type Props = { request: ApprovalRow; onClosed: () => void };

export function RequestDialog({ request, onClosed }: Props) {
  const [reason, setReason] = useState("");
  const decide = useDo("approvals.decide");
  const exporting = useDo("approvals.export");
  const file = useWritten();
  const isPolicy = request.kind === "policies";
  const gate = useAsk("approvals.gate", { id: request.id }, { enabled: isPolicy });
  // Nobody says yes to a policy before what stands against it is on the screen.
  const isSeen = !isPolicy || (gate.data !== undefined && !gate.isPlaceholderData) || gate.error !== null;
  const answer = (verdict: "approved" | "refused") =>
    decide.mutate(
      { id: request.id, verdict, reason },
      {
        onSuccess: () => {
          say(verdict === "approved" ? "Approved, signed with your key." : "Refused, signed with your key.");
          onClosed();
        },
      },
    );
  const hand = async () => {
    try {
      const place = await host().pickSave(`approval-${request.id.slice(0, 12)}.request.txt`);
      if (place === null) return;
      exporting.mutate({ id: request.id, ...place }, { onSuccess: file.show });
    } catch (problem) {
      sayProblem(asWireError(problem));
    }
  };
  const isReady = reason.trim().length >= 3 && isSeen && !decide.isPending;
  return (
    <Dialog
      title={`${request.title}: ${request.for_me ? "what do you say?" : "what was asked"}`}
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          {request.state === "waiting" && (
            <Button isDisabled={exporting.isPending} onPress={() => void hand()}>
              Write it to a file…
            </Button>
          )}
          <Button autoFocus={!request.for_me} onPress={onClosed}>
            Close
          </Button>
          {request.for_me && (
            <>
              <Button tone="danger" isDisabled={!isReady} onPress={() => answer("refused")}>
                Refuse
              </Button>
              <Button tone="primary" isDisabled={!isReady} onPress={() => answer("approved")}>
                Approve
              </Button>
            </>
          )}
        </>
      }
    >
      <p className="flex flex-wrap items-center gap-2">
        <ApprovalChip state={request.state} />
        {request.problem && <span>{request.problem}.</span>}
        {request.state === "waiting" && request.by_me && (
          <span>You asked. A second person has to decide; hand it over as a file if they sit elsewhere.</span>
        )}
      </p>
      <Asked
        says={request.says}
        content={request.content}
        sha256={request.content_sha256}
        by={request.asked_by}
        askedAt={request.asked_at}
        until={request.until}
        more={[{ name: "Leaf", value: `#${count(request.asked_leaf)}` }]}
      >
        {isPolicy && (
          <Answered asked={gate} what="what stands against it">
            {(stands) => <AskedGatePoints gate={stands} />}
          </Answered>
        )}
      </Asked>
      {request.decision && (
        <Facts
          facts={[
            {
              name: request.decision.verdict === "approved" ? "Approved by" : "Refused by",
              value: request.decision.by.name,
            },
            {
              name: "Key that decided",
              value: <code className="break-words">{request.decision.by.fingerprint}</code>,
            },
            { name: "Reason", value: request.decision.reason },
            { name: "Said, by their clock", value: <When at={request.decision.said_at} /> },
            {
              name: "Recorded",
              value: (
                <>
                  <When at={request.decision.at} />, leaf #{count(request.decision.leaf)}
                </>
              ),
            },
            ...(request.used_at !== null && request.used_leaf !== null
              ? [
                  {
                    name: "Used",
                    value: (
                      <>
                        <When at={request.used_at} />, leaf #{count(request.used_leaf)}
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {request.for_me && (
        <TextField
          label="Reason"
          lines={2}
          autoFocus
          value={reason}
          onChange={setReason}
          help="Signed with your key, kept in the trail and printed in reports."
        />
      )}
      {file.written && (
        <p role="status" className="[overflow-wrap:anywhere]">
          Wrote <code>{file.written.path}</code>. Bring the decision back under “Asked, not decided”.
        </p>
      )}
      {decide.error && <Problem error={decide.error} what="decide it" />}
      {exporting.error && <Problem error={exporting.error} what="write the file" />}
    </Dialog>
  );
}

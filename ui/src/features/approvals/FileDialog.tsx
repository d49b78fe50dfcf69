// A request that came as a file from another computer: what it asks, and the answer as a file.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Answered, Problem } from "@/components/States";
import { Asked } from "@/features/approvals/Asked";
import { AskedGatePoints } from "@/features/approvals/AskedGatePoints";
import { useWritten } from "@/lib/approving";
import type { Chosen, OpenedRequest } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { host } from "@/lib/host";
import { useAsk, useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

type Props = { file: Chosen; onClosed: () => void };

export function FileDialog({ file, onClosed }: Props) {
  const asked = useAsk("approvals.open_file", { handle: file.handle });
  const [reason, setReason] = useState("");
  const sign = useDo("approvals.sign_file");
  const out = useWritten();
  const answer = async (request: OpenedRequest, verdict: "approved" | "refused") => {
    try {
      const place = await host().pickSave(`approval-${request.id.slice(0, 12)}.decision.txt`);
      if (place === null) return;
      const given = { handle: file.handle, verdict, reason };
      sign.mutate(place.handle === undefined ? given : { ...given, out: place.handle }, {
        onSuccess: out.show,
      });
    } catch (problem) {
      sayProblem(asWireError(problem));
    }
  };
  const request = asked.error ? undefined : asked.data;
  const canAnswer = request !== undefined && request.problem === null && out.written === null;
  const isReady = reason.trim().length >= 3 && !sign.isPending;
  return (
    <Dialog
      title={request && canAnswer ? `${request.title}: what do you say?` : "A request from a file"}
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Close</Button>
          {request && canAnswer && (
            <>
              <Button tone="danger" isDisabled={!isReady} onPress={() => void answer(request, "refused")}>
                Refuse…
              </Button>
              <Button tone="primary" isDisabled={!isReady} onPress={() => void answer(request, "approved")}>
                Approve…
              </Button>
            </>
          )}
        </>
      }
    >
      <Answered asked={asked} what={file.name}>
        {(opened) => (
          <Asked
            says={opened.says}
            content={opened.content}
            sha256={opened.content_sha256}
            by={opened.asked_by}
            note={
              opened.is_known
                ? "Registered here."
                : "Not registered here: compare it with what that person reads out to you."
            }
            askedAt={opened.asked_at}
            until={opened.until}
            more={[
              {
                name: "Workspace",
                value: opened.is_here ? "This one" : `${opened.organisation} ${opened.workspace}`.trim(),
              },
            ]}
          >
            {opened.gate !== null && <AskedGatePoints gate={opened.gate} />}
          </Asked>
        )}
      </Answered>
      {request?.problem && <p role="alert">You can't answer it: {request.problem}.</p>}
      {canAnswer && (
        <TextField
          label="Reason"
          lines={2}
          value={reason}
          onChange={setReason}
          help="Signed with your key. The answer is a file; it counts once it was brought back."
        />
      )}
      {out.written && (
        <p role="status" className="[overflow-wrap:anywhere]">
          Signed. Wrote <code>{out.written.path}</code>: hand it to who asked.
        </p>
      )}
      {sign.error && <Problem error={sign.error} what="sign it" />}
    </Dialog>
  );
}

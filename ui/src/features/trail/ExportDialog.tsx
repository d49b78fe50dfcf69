// Writing the matching calls as an evidence pack, after saying what goes into it.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { ProgressBar } from "@/components/ProgressBar";
import { Id } from "@/components/text/Id";
import { useApproval } from "@/lib/approving";
import type { EvidencePack, WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { bytes, count, counted } from "@/lib/format";
import { host } from "@/lib/host";
import { run, useJob } from "@/lib/jobs";

type Props = { query: string; matching: number; isOpen: boolean; onClosed: () => void };

export function ExportDialog({ query, matching, isOpen, onClosed }: Props) {
  const [id, setId] = useState<number | null>(null);
  const [pack, setPack] = useState<EvidencePack | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const job = useJob(id);
  const isRunning = job?.state === "running";
  const approval = useApproval("evidence.pack", { query }, isOpen);
  const mustAsk = approval.isNeeded && !approval.isFree;
  const problem = error ?? approval.error;
  const close = () => {
    setPack(null);
    setError(null);
    setId(null);
    onClosed();
  };
  const write = async () => {
    setError(null);
    try {
      const place = await host().pickSave("evidence.zip");
      if (place)
        setPack(
          await run("evidence.pack", place.handle ? { query, handle: place.handle } : { query }, setId),
        );
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  return (
    <Dialog
      title={pack ? "Evidence pack written" : `Export the evidence of ${counted(matching, "call")}?`}
      isOpen={isOpen}
      onClosed={close}
      actions={
        <>
          <Button onPress={close}>{pack ? "Close" : "Cancel"}</Button>
          {pack ? (
            host().kind === "browser" && (
              <Button tone="primary" onPress={() => void host().download(pack.handle)}>
                Download
              </Button>
            )
          ) : (
            <Button
              tone="primary"
              isDisabled={isRunning || (mustAsk && (!approval.canAsk || approval.isAsking))}
              onPress={() => (mustAsk ? approval.ask() : void write())}
            >
              {!mustAsk
                ? "Choose a place and export"
                : approval.canAsk
                  ? "Ask for approval"
                  : "Asked for approval"}
            </Button>
          )}
        </>
      }
    >
      {pack ? (
        <>
          <p>
            {counted(pack.records, "record")}, {bytes(pack.bytes)}, written to{" "}
            <span className="break-all">{pack.path}</span>.
          </p>
          <p>
            SHA-256 <Id id={pack.sha256} label="hash of the pack" />
          </p>
          <p className="text-muted">
            Anybody can check it: the pack holds a HOWTO, the hashes and the proofs.
          </p>
        </>
      ) : (
        <>
          <p>
            The pack holds the <strong>original records</strong>, not masked, each with its proof of standing
            in the evidence tree of {count(matching)} matching calls, and how to check it without this
            program.
          </p>
          <p className="text-muted">
            {query === "" ? (
              "All calls in the store."
            ) : (
              <>
                Query: <code>{query}</code>
              </>
            )}{" "}
            The export itself is written to the trail. Nothing leaves this computer.
          </p>
        </>
      )}
      {approval.isNeeded && pack === null && <ApprovalNote request={approval.request} />}
      {isRunning && job && <ProgressBar job={job} />}
      {problem && (
        <p role="alert" className="text-danger">
          {problem.message}
          {problem.hint && ` · ${problem.hint}`}
        </p>
      )}
    </Dialog>
  );
}

// Writing the calls that a query matches, with their proofs, into a file for somebody else to check.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { Problem } from "@/components/States";
import { PackWritten } from "@/features/evidence/PackWritten";
import { useApproval } from "@/lib/approving";
import type { EvidencePack, WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { count, counted } from "@/lib/format";
import { host } from "@/lib/host";
import { run, useJob } from "@/lib/jobs";
import { useAsk } from "@/lib/query";
import { useDebounced } from "@/lib/useDebounced";

export function WritePackPanel() {
  const [query, setQuery] = useState("");
  const [jobId, setJobId] = useState<number | null>(null);
  const [pack, setPack] = useState<EvidencePack | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const matching = useAsk("trail.count", { query });
  const settled = useDebounced(query, 300);
  const isSettled = settled === query && matching.error === null;
  const approval = useApproval("evidence.pack", { query: settled }, isSettled);
  const mustAsk = approval.isNeeded && !approval.isFree;
  const job = useJob(jobId);
  const isRunning = job?.state === "running";
  const write = async () => {
    setPack(null);
    setError(null);
    try {
      const place = await host().pickSave("evidence.zip");
      if (place === null) return;
      const input = place.handle === undefined ? { query } : { query, handle: place.handle };
      setPack(await run("evidence.pack", input, setJobId));
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  return (
    <Panel title="Write an evidence pack">
      <div className="grid gap-3">
        <TextField
          label="Query"
          mono
          value={query}
          onChange={setQuery}
          placeholder="All calls"
          help="In the language of the trail. The pack holds the matching records as received, personal data included."
          error={matching.error?.message}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button
            tone="primary"
            isDisabled={
              isRunning ||
              !matching.data ||
              matching.error !== null ||
              matching.data.matching === 0 ||
              (mustAsk && (!approval.canAsk || approval.isAsking))
            }
            onPress={() => (mustAsk ? approval.ask() : void write())}
          >
            {!mustAsk ? "Write pack" : approval.canAsk ? "Ask for approval" : "Asked for approval"}
          </Button>
          {matching.data && !matching.error && (
            <span role="status" className="text-muted">
              {count(matching.data.matching)} of {counted(matching.data.stored, "call")} match
            </span>
          )}
        </div>
        {job && isRunning && <ProgressBar job={job} />}
        {approval.isNeeded && <ApprovalNote request={approval.request} />}
        {approval.error && <Problem error={approval.error} what="ask for approval" />}
        {error && <Problem error={error} what="write the pack" />}
        {pack && <PackWritten pack={pack} />}
      </div>
    </Panel>
  );
}

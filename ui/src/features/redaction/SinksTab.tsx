// Sinks: the same calls in two sources, and what is left unmasked in each.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Empty } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { CallQuery } from "@/features/redaction/CallQuery";
import { JobLine } from "@/features/redaction/JobLine";
import { SinkPairPanel } from "@/features/redaction/SinkPairPanel";
import type { Sinks } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { run, useNewest } from "@/lib/jobs";

export function SinksTab() {
  const [query, setQuery] = useState("");
  const { job, result } = useNewest("redaction.sinks");
  const isRunning = job?.state === "running";
  const start = () => {
    // How it ends is told by the job itself.
    run("redaction.sinks", { query: query.trim() }).catch(() => undefined);
  };
  return (
    <div className="grid gap-4">
      <Panel title="The same calls in two sources">
        <div className="grid gap-3">
          <CallQuery
            query={query}
            onQueryChanged={setQuery}
            what="Their text is read on this computer; nothing is sent and no value is shown."
          />
          <div>
            <Button tone="primary" isDisabled={isRunning} onPress={start}>
              {isRunning ? "Comparing…" : "Compare the sources"}
            </Button>
          </div>
        </div>
      </Panel>
      {job && <JobLine job={job} what="compare the sources" />}
      {result && <Compared of={result} />}
      {!job && (
        <Empty title="Nothing was compared yet">
          Where two systems recorded a call, one may mask what the other keeps in clear: a gateway beside the
          provider's log. This says which, by entity type.
        </Empty>
      )}
    </div>
  );
}

function Compared({ of: found }: { of: Sinks }) {
  const isWhole = found.looked > 0;
  return (
    <div className="grid gap-4">
      <p role="status" className="max-w-180">
        <TrailLink query={found.query}>{counted(found.matching, "call")}</TrailLink>{" "}
        {found.matching === 1 ? "matches" : "match"}; several sources recorded {count(found.several)} of{" "}
        {found.matching === 1 ? "it" : "them"}.{" "}
        {isWhole
          ? `${count(found.looked)} of these ${count(found.several)} were read, the newest first: those of which two sources may hold the text.`
          : found.several > 0 && "None was read: of none may two sources hold the text."}{" "}
        Policy {found.policy} {found.policy_version}; a value counts once a call.
      </p>
      {found.pairs.length === 0 && (
        <Empty title="No call was recorded by two sources">
          Import the logs of a second system that sees the same calls, or ask for other calls.
        </Empty>
      )}
      {found.pairs.map((pair) => (
        <SinkPairPanel key={`${pair.one} ${pair.other}`} pair={pair} />
      ))}
    </div>
  );
}

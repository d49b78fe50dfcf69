// Who outside this computer vouches for checkpoints: nobody until a person says who, and what is
// sent to whom is said before it is sent.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { Sentences } from "@/components/Sentences";
import { Answered, Problem } from "@/components/States";
import { When } from "@/components/text/When";
import { AnchorDialog } from "@/features/evidence/AnchorDialog";
import type { AnchorMade, AnchorRow, AnchorSummary, WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";
import { count } from "@/lib/format";
import { run, useJob } from "@/lib/jobs";
import { useAsk, useDo } from "@/lib/query";

const KINDS: Record<string, string> = { tsa: "time-stamping authority", witness: "witness" };

export function AnchorsPart() {
  const asked = useAsk("evidence.anchors", {});
  return (
    <Answered asked={asked} what="the anchors">
      {(data) => (
        <div className="grid gap-4 min-[1100px]:grid-cols-2">
          <AskedPanel profiles={data.profiles} />
          <Panel title="What they said">
            {data.anchors.length === 0 ? (
              <p>Nobody has vouched for a checkpoint yet.</p>
            ) : (
              <ul className="grid gap-3">
                {data.anchors.map((made) => (
                  <li key={`${made.name} ${made.size} ${made.received_at}`}>
                    <Made made={made} />
                  </li>
                ))}
              </ul>
            )}
            <h3 className="pt-3">What that is worth</h3>
            <Sentences of={data.says} />
          </Panel>
        </div>
      )}
    </Answered>
  );
}

function Made({ made }: { made: AnchorMade }) {
  return (
    <div className="grid gap-1">
      <p className="font-semibold">
        Anchored to #{count(made.size)} at <When at={made.stated_at ?? made.received_at} /> by{" "}
        {made.authority ?? made.name}
      </p>
      <p className="text-muted [overflow-wrap:anywhere]">{made.says}</p>
    </div>
  );
}

function AskedPanel({ profiles }: { profiles: readonly AnchorRow[] }) {
  const [isAdding, setIsAdding] = useState(false);
  const [jobId, setJobId] = useState<number | null>(null);
  const [summary, setSummary] = useState<AnchorSummary | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const job = useJob(jobId);
  const isRunning = job?.state === "running";
  const ask = async (names: string[]) => {
    setSummary(null);
    setError(null);
    try {
      setSummary(await run("evidence.anchor_now", { names }, setJobId));
    } catch (problem) {
      setError(asWireError(problem));
    }
  };
  return (
    <Panel title="Who is asked" actions={<Button onPress={() => setIsAdding(true)}>Add…</Button>}>
      <div className="grid gap-3">
        {profiles.length === 0 && (
          <p>
            Nobody. Anchors are off until you add one: nothing leaves this computer for them. Without one,
            whoever holds the signing key could rebuild the whole trail and sign it anew.
          </p>
        )}
        {profiles.map((row) => (
          <Asked key={row.name} row={row} isBusy={isRunning} onAsked={() => void ask([row.name])} />
        ))}
        {profiles.length > 1 && (
          <div>
            <Button isDisabled={isRunning} onPress={() => void ask([])}>
              Ask all of them now
            </Button>
          </div>
        )}
        {job && isRunning && <ProgressBar job={job} />}
        {error && <Problem error={error} what="ask for an anchor" />}
        {summary && <Outcome summary={summary} />}
        {isAdding && <AnchorDialog onClosed={() => setIsAdding(false)} />}
      </div>
    </Panel>
  );
}

type AskedProps = { row: AnchorRow; isBusy: boolean; onAsked: () => void };

function Asked({ row, isBusy, onAsked }: AskedProps) {
  const remove = useDo("evidence.remove_anchor");
  return (
    <section aria-label={row.name} className="grid gap-2 border-t border-line pt-3 first:border-0 first:pt-0">
      <h3>
        {row.name} <span className="font-normal text-muted">{KINDS[row.kind] ?? row.kind}</span>
      </h3>
      <Facts
        facts={[
          { name: "Sent to", value: <code className="break-all">{row.destination}</code> },
          { name: "What is sent", value: row.sends },
          { name: "Leaves this computer", value: row.leaves_computer ? "Yes" : "No" },
          {
            name: "Vouched for",
            value:
              row.last_size === null || row.last_at === null ? (
                "Nothing yet"
              ) : (
                <>
                  #{count(row.last_size)}, <When at={row.last_at} />
                </>
              ),
          },
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <Button isDisabled={isBusy} onPress={onAsked}>
          Send to {row.destination} now
        </Button>
        <Button isDisabled={remove.isPending} onPress={() => remove.mutate({ name: row.name })}>
          Remove {row.name}
        </Button>
      </div>
      {remove.error && <Problem error={remove.error} what="remove it" />}
    </section>
  );
}

function Outcome({ summary }: { summary: AnchorSummary }) {
  const problems = summary.failed.map(
    (one) => `${one.name} (${one.destination}) did not vouch: ${one.message}`,
  );
  return (
    <div role="status" className="grid gap-2 border-t border-line pt-3">
      <p>
        {count(summary.made.length)} of {count(summary.made.length + summary.failed.length)} vouched for
        checkpoint #{count(summary.size)}.
      </p>
      {problems.length > 0 && <Sentences of={problems} />}
      {summary.warnings.length > 0 && <Sentences of={summary.warnings} />}
    </div>
  );
}

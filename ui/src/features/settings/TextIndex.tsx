// The search index: what it is for and costs, its switch, and how far it is.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import type { TextCost, TextStatus } from "@/lib/bindings";
import { bytes, count, counted } from "@/lib/format";
import { run, useJob } from "@/lib/jobs";
import { useAsk, useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

export function TextIndex() {
  const { data: status } = useAsk("trail.text_status", {});
  if (!status) return null;
  return (
    <Panel title="Search index">
      {status.detail === null ? <Off status={status} /> : <On status={status} />}
    </Panel>
  );
}

const build = (detail?: "words" | "phrases") =>
  void run("trail.text_build", detail ? { detail } : {}).catch(sayProblem);

function cost(of: TextCost["words"]): string {
  return `about ${count(Math.round(of.bytes_per_record))} bytes a call, ${bytes(of.bytes)} in all`;
}

function Off({ status }: { status: TextStatus }) {
  const told = useAsk("trail.text_cost", {});
  const [detail, setDetail] = useState<"words" | "phrases">("words");
  return (
    <div className="grid gap-3">
      <p>
        Off. A search for words reads every record: {counted(status.of, "call")}, {seconds(status.read_s)}.
        With the index it looks the words up.
      </p>
      <fieldset className="grid gap-2">
        <legend className="sr-only">What it keeps</legend>
        {(
          [
            [
              "words",
              "Which words stand in which call. A phrase is looked for in the calls that hold its words.",
            ],
            [
              "phrases",
              "And where in the text. Phrases are found at once; the text could be put together again from it.",
            ],
          ] as const
        ).map(([value, about]) => (
          <label key={value} className="flex items-start gap-2">
            <input
              type="radio"
              name="detail"
              className="mt-1 accent-[var(--accent)]"
              checked={detail === value}
              onChange={() => setDetail(value)}
            />
            <span>
              <span className="font-semibold">{value === "words" ? "Words" : "Words and their places"}</span>
              {told.data && <span className="text-muted"> · {cost(told.data[value])}</span>}
              <br />
              <span className="text-muted">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {told.data && (
        <p className="text-sm text-muted">
          Told from {count(told.data.sampled)} of {counted(told.data.records, "call")} of this store.
        </p>
      )}
      <p className="chip-medium rounded-control p-3">
        Records are sealed in the store; the index is not. Whoever can read the store's file can then read
        which words stand in which call. Erasing a record takes its words out; switching the index off
        overwrites it. Both switches are written to the trail.
      </p>
      <div>
        <Button onPress={() => build(detail)}>Switch on and build</Button>
      </div>
    </div>
  );
}

function On({ status }: { status: TextStatus }) {
  const off = useDo("trail.text_drop");
  const cancel = useDo("jobs.cancel");
  const job = useJob(status.job);
  const isRunning = job?.state === "running";
  return (
    <div className="grid gap-3">
      <p>
        On, keeps {status.detail === "phrases" ? "words and their places" : "words"}. {count(status.records)}{" "}
        of {counted(status.of, "call")} are in it
        {status.unread > 0 && `; searches read the other ${count(status.unread)}, ${seconds(status.read_s)}`}.{" "}
        {status.bytes !== null &&
          status.bytes_per_record !== null &&
          `It takes ${bytes(status.bytes)}, ${count(Math.round(status.bytes_per_record))} bytes a call.`}
      </p>
      {status.damaged && (
        <p className="chip-medium rounded-control p-3">
          The index does not hold and is not used. No record is lost: build it anew.
        </p>
      )}
      {job && isRunning && <ProgressBar job={job} />}
      <p className="text-muted">
        The words of the index are not sealed as the records are. Switching it off overwrites it.
      </p>
      <div className="flex flex-wrap gap-2">
        {isRunning && job && <Button onPress={() => cancel.mutate({ job: job.id })}>Stop</Button>}
        {!isRunning && (status.unread > 0 || status.damaged) && (
          <Button onPress={() => build()}>{status.damaged ? "Build it anew" : "Go on building"}</Button>
        )}
        <Button
          onPress={() => {
            off.mutateAsync({}).catch(sayProblem);
          }}
        >
          Switch off
        </Button>
      </div>
    </div>
  );
}

/** Seconds as people say them. */
function seconds(value: number): string {
  return value < 1 ? "less than 1 s" : `about ${count(Math.round(value))} s`;
}

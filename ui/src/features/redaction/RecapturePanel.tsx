// Two recognizers that look independently, and what they say of what neither found.

import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Limits } from "@/components/Limits";
import { Panel } from "@/components/Page";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { Missing } from "@/components/text/When";
import { CallQuery } from "@/features/redaction/CallQuery";
import { typeName } from "@/features/redaction/entityTypes";
import { JobLine } from "@/features/redaction/JobLine";
import { besideModel } from "@/features/redaction/namesModel";
import type { Interval, RecaptureBound, RecaptureRow } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { run, useNewest } from "@/lib/jobs";

function about({ estimate, low, high }: Interval): string {
  return `${count(Math.round(estimate))} (${count(low)} to ${count(high)})`;
}

const COLUMNS: readonly Column<RecaptureRow>[] = [
  {
    id: "what",
    title: "What",
    cell: (row) => (row.what === "any of these" ? row.what : typeName(row.what)),
  },
  { id: "first", title: "By patterns", align: "right", cell: (row) => count(row.by_first) },
  { id: "second", title: "By the model", align: "right", cell: (row) => count(row.by_second) },
  { id: "both", title: "By both", align: "right", cell: (row) => count(row.by_both) },
  { id: "found", title: "Found", align: "right", cell: (row) => count(row.found) },
  {
    id: "missed",
    title: "Missed by both, 95 %",
    align: "right",
    cell: (row) =>
      row.is_too_few ? (
        <NoteChip word="Too few to judge" tone="info" />
      ) : row.missed === null ? (
        <Missing />
      ) : (
        about(row.missed)
      ),
  },
];

export function RecapturePanel({ policy }: { policy: string }) {
  const [query, setQuery] = useState("");
  const { job, result } = useNewest("redaction.bound_recapture");
  const isRunning = job?.state === "running";
  const start = () => {
    run("redaction.bound_recapture", { query: query.trim(), policy }).catch(() => undefined);
  };
  return (
    <Panel title="Two recognizers">
      <div className="grid gap-3">
        <CallQuery
          query={query}
          onQueryChanged={setQuery}
          what="Patterns and the model of names look through the same text, each for itself."
        />
        <div>
          <Button tone="primary" isDisabled={isRunning} onPress={start}>
            {isRunning ? "Counting…" : "Count what both find"}
          </Button>
        </div>
        {job && <JobLine job={job} what="count what both find" />}
        {result && <Result of={result} />}
      </div>
    </Panel>
  );
}

function Result({ of: found }: { of: RecaptureBound }) {
  return (
    <div className="grid gap-3">
      <p>
        {found.policy} {found.policy_version}
        {besideModel(found.names_model)} · {counted(found.texts, "text")} of {counted(found.calls, "call")}{" "}
        with text, of <TrailLink query={found.query}>{count(found.matched)} that match</TrailLink>
      </p>
      <Rows label="Found by two recognizers" rows={found.rows} rowKey={(row) => row.what} columns={COLUMNS} />
      <Limits sentences={found.limits} />
    </div>
  );
}

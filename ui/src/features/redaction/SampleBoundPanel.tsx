// What a review sample that was read says of the share of calls that leak.

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Select } from "@/components/form/Select";
import { Limits } from "@/components/Limits";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { Missing } from "@/components/text/When";
import type { LeakBound, SampleRow } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { useAsk } from "@/lib/query";

/** "1.23 %" of 0.0123: small shares with as many digits as they need. */
export function smallPercent(share: number): string {
  const hundred = share * 100;
  if (hundred === 0) return "0 %";
  return `${hundred.toFixed(hundred < 0.1 ? 3 : hundred < 10 ? 2 : 1)} %`;
}

const COLUMNS: readonly Column<LeakBound>[] = [
  { id: "by", title: "Read by", cell: (row) => row.by },
  { id: "read", title: "Read", align: "right", cell: (row) => `${count(row.read)} of ${count(row.items)}` },
  { id: "leaks", title: "Leak", align: "right", cell: (row) => count(row.leaks) },
  { id: "unsure", title: "Unsure", align: "right", cell: (row) => count(row.unsure) },
  { id: "fine", title: "No leak", align: "right", cell: (row) => count(row.no_leak) },
  {
    id: "share",
    title: "Share of the calls, 95 %",
    align: "right",
    cell: (row) =>
      row.share === null ? (
        <Missing />
      ) : (
        `${smallPercent(row.share.estimate)} (${smallPercent(row.share.low)} to ${smallPercent(row.share.high)})`
      ),
  },
];

export function SampleBoundPanel() {
  const samples = useAsk("trail.samples", {});
  return (
    <Panel
      title="A sample that people read"
      actions={
        <Link to="/trail/samples" className="text-accent underline underline-offset-2">
          Draw and read samples
        </Link>
      }
    >
      <Answered asked={samples} what="the samples">
        {(all) => {
          const ended = all.filter((sample) => sample.results_shown);
          return ended.length === 0 ? (
            <p className="text-muted">
              {all.length === 0 ? "No sample was drawn yet. " : "No sample has been read to its end yet. "}
              Draw one from the calls that matter, in strata that differ, and read each call as it is masked:
              “problem” where something leaks, “unsure” where you can't tell. What was judged is shown once
              all readers have finished.
            </p>
          ) : (
            <Bound samples={ended} />
          );
        }}
      </Answered>
    </Panel>
  );
}

function Bound({ samples }: { samples: readonly SampleRow[] }) {
  const [chosen, setChosen] = useState(`${samples[0]?.sample ?? 0}`);
  const asked = useAsk("redaction.bound_sample", { sample: Number(chosen) });
  return (
    <div className="grid gap-3">
      <div className="max-w-90">
        <Select
          label="Sample"
          chosen={chosen}
          onChosen={setChosen}
          options={samples.map((sample) => ({
            id: `${sample.sample}`,
            title: `Sample ${sample.sample}`,
            about: `${counted(sample.items, "call")} of ${count(sample.population)}`,
          }))}
        />
      </div>
      <Answered asked={asked} what="the bound">
        {(found) => (
          <div className="grid gap-3">
            <Rows
              label="Share of calls that leak"
              rows={found.bounds}
              rowKey={(row) => row.by}
              columns={COLUMNS}
            />
            {found.bounds.map((row) => (
              <p key={row.by}>
                <b className="font-semibold">{row.by}</b>: {row.says}
              </p>
            ))}
            {found.recapture && <p>{found.recapture.says}</p>}
            <Limits sentences={found.limits} />
          </div>
        )}
      </Answered>
    </div>
  );
}

// Review samples: calls that were drawn by chance to be read, and drawing one.

import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Page, Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { DrawDialog } from "@/features/trail/DrawDialog";
import type { SampleRow } from "@/lib/bindings";
import { count } from "@/lib/format";
import { useAsk } from "@/lib/query";

const route = getRouteApi("/trail/samples");

/** How far reading is, without what anybody judged. */
export function standing(sample: SampleRow): string {
  const finished = sample.readers.filter((reader) => reader.finished_at !== null).length;
  if (sample.closed_at !== null) return `Ended with ${finished} of ${sample.readers_wanted} readers finished`;
  if (sample.results_shown) return `Read by ${count(finished)} of ${count(sample.readers_wanted)}`;
  return `${count(finished)} of ${count(sample.readers_wanted)} readers finished`;
}

const COLUMNS: readonly Column<SampleRow>[] = [
  {
    id: "sample",
    title: "Sample",
    cell: (sample) => (
      <Link
        to="/trail/samples/$sample"
        params={{ sample: `${sample.sample}` }}
        className="font-semibold whitespace-nowrap text-accent underline"
      >
        Sample {sample.sample}
      </Link>
    ),
  },
  { id: "items", title: "Calls", align: "right", cell: (sample) => count(sample.items) },
  { id: "of", title: "Of", align: "right", cell: (sample) => count(sample.population) },
  {
    id: "query",
    title: "That matched",
    cell: (sample) => <Matched query={sample.query} />,
  },
  {
    id: "by",
    title: "Strata by",
    cell: (sample) => (sample.by.length === 0 ? "Nothing" : sample.by.join(", ")),
  },
  { id: "readers", title: "Reading", cell: standing },
  {
    id: "drawn",
    title: "Drawn",
    cell: (sample) => (
      <>
        by {sample.drawn_by}, <When at={sample.drawn_at} form="date" />
      </>
    ),
  },
];

export function Matched({ query }: { query: string | null }) {
  if (query === null) return <i>erased</i>;
  return query === "" ? "all calls" : <code className="[overflow-wrap:anywhere]">{query}</code>;
}

export function SamplesScreen() {
  const { q } = route.useSearch();
  const samples = useAsk("trail.samples", {});
  const [isDrawing, setIsDrawing] = useState(false);
  return (
    <Page
      title="Review samples"
      about="Calls drawn by chance to be read one after the other. The same seed draws the same calls from the same records, and a leaf commits to which they are."
      actions={
        <>
          <Link to="/trail" className="text-accent underline underline-offset-2">
            Back to the trail
          </Link>
          <Button tone="primary" onPress={() => setIsDrawing(true)}>
            Draw a sample…
          </Button>
        </>
      }
    >
      <Panel title="Samples" flush>
        <Answered asked={samples} what="the samples">
          {(rows) =>
            rows.length === 0 ? (
              <p className="p-4 text-muted">
                No sample was drawn. Two people who read the same calls without seeing each other's judgements
                tell how many calls are a problem, and how far to trust that.
              </p>
            ) : (
              <Rows
                label="List of samples"
                rows={rows}
                rowKey={(sample) => `${sample.sample}`}
                columns={COLUMNS}
              />
            )
          }
        </Answered>
      </Panel>
      {isDrawing && <DrawDialog query={q ?? ""} onClosed={() => setIsDrawing(false)} />}
    </Page>
  );
}

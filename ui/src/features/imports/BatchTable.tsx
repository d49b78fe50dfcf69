// The import batches, newest first. Its figures add up: accepted, duplicates, rejected, blank.

import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { TrailLink } from "@/components/TrailLink";
import { Rows } from "@/components/table/Rows";
import { Id } from "@/components/text/Id";
import { When } from "@/components/text/When";
import type { Batch } from "@/lib/bindings";
import { bytes, count, visible, words } from "@/lib/format";

type Props = { batches: readonly Batch[]; chosen: string | undefined; onChosen: (id: string) => void };

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function State({ batch }: { batch: Batch }) {
  if (batch.state === "done") {
    const isNothing = batch.rejected > 0 && batch.accepted === 0 && batch.duplicates === 0;
    return isNothing ? <NoteChip word="nothing accepted" tone="medium" /> : <>done</>;
  }
  const about: Record<string, string> = {
    already_imported: "already imported",
    cancelled: "stopped",
    failed: "failed",
    running: "cut short",
  };
  return (
    <span className="grid justify-items-start gap-1">
      <NoteChip
        word={about[batch.state] ?? words(batch.state)}
        tone={batch.state === "failed" ? "high" : "medium"}
      />
      {batch.error && <span className="text-sm text-muted">{batch.error}</span>}
    </span>
  );
}

function Oddities({ batch }: { batch: Batch }) {
  const odd = Object.entries(batch.oddities);
  if (odd.length === 0 && batch.conflicts === 0) return null;
  const parts = odd.map(([name, value]) => `${words(name)}: ${count(value ?? 0)}`);
  if (batch.conflicts > 0) parts.push(`same id, other content: ${count(batch.conflicts)}`);
  return <div className="text-sm text-muted">{parts.join(" · ")}</div>;
}

export function BatchTable({ batches, chosen, onChosen }: Props) {
  return (
    <Rows
      label="Import batches"
      rows={batches}
      rowKey={(batch) => batch.id}
      columns={[
        {
          id: "file",
          title: "File",
          cell: (batch) => (
            <div className="min-w-48">
              <span className="break-all" title={batch.path}>
                {visible(fileName(batch.path))}
              </span>
              <div className="flex flex-wrap items-center gap-x-4 text-sm text-muted">
                <span>
                  {batch.format === null ? "no record recognised" : words(batch.format)} ·{" "}
                  {bytes(batch.bytes)}
                </span>
                {batch.sha256 !== null && (
                  <span className="whitespace-nowrap">
                    SHA-256 <Id id={batch.sha256} label={`the SHA-256 of ${fileName(batch.path)}`} />
                  </span>
                )}
              </div>
              <Oddities batch={batch} />
            </div>
          ),
        },
        {
          id: "started",
          title: "Started (UTC)",
          cell: (batch) => <When at={batch.started_at} form="cell" />,
        },
        { id: "state", title: "State", cell: (batch) => <State batch={batch} /> },
        {
          // Records: several may tell of one call, so that fewer calls may open.
          id: "calls",
          title: "Call records",
          align: "right",
          cell: (batch) =>
            batch.calls === 0 ? "0" : <TrailLink query={`batch:${batch.id}`}>{count(batch.calls)}</TrailLink>,
        },
        {
          id: "activities",
          title: "Activities",
          align: "right",
          cell: (batch) =>
            batch.activities === 0 ? (
              "0"
            ) : (
              <TrailLink query={`batch:${batch.id}`} tab="activities">
                {count(batch.activities)}
              </TrailLink>
            ),
        },
        { id: "duplicates", title: "Duplicates", align: "right", cell: (batch) => count(batch.duplicates) },
        {
          id: "rejected",
          title: "Rejected",
          align: "right",
          cell: (batch) =>
            batch.rejected === 0 ? (
              "0"
            ) : (
              <Button
                tone="quiet"
                className="-my-1 -mr-2 !px-2 underline"
                aria-current={chosen === batch.id}
                onPress={() => onChosen(batch.id)}
              >
                {count(batch.rejected)}
              </Button>
            ),
        },
      ]}
    />
  );
}

// The lines that no parser accepted, each with file, line number and reason.

import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { Rows } from "@/components/table/Rows";
import type { Batch } from "@/lib/bindings";
import { bytes, count, counted, visible, words } from "@/lib/format";
import { useAsk } from "@/lib/query";

type Props = { batch: string | undefined; of: Batch | undefined; total: number; onAll: () => void };

const SHOWN = 500;

export function RejectedLines({ batch, of, total, onAll }: Props) {
  const asked = useAsk("imports.rejected", batch ? { batch, limit: SHOWN } : { limit: SHOWN });
  const all = of?.rejected ?? total;
  if (all === 0) {
    return (
      <Panel title="Rejected lines">
        <p className="text-muted">None: every line that was read became a record or was there already.</p>
      </Panel>
    );
  }
  return (
    <Panel
      title={of ? `${counted(all, "rejected line")} of this batch` : counted(all, "rejected line")}
      actions={batch && <Button onPress={onAll}>Show those of all batches</Button>}
      flush
    >
      <Answered asked={asked} what="the rejected lines">
        {(lines) => (
          <>
            <Rows
              label="Rejected lines"
              rows={lines}
              rowKey={(line) => `${line.batch}:${line.line}:${line.offset}`}
              columns={[
                {
                  id: "file",
                  title: "File",
                  cell: (line) => (
                    <span className="break-all">{visible(line.path.split(/[\\/]/).at(-1) ?? "")}</span>
                  ),
                },
                { id: "line", title: "Line", align: "right", cell: (line) => count(line.line) },
                {
                  id: "reason",
                  title: "Reason",
                  cell: (line) => (
                    <div className="min-w-40">
                      <div className="font-semibold">{words(line.reason)}</div>
                      <div className="text-muted">{visible(line.detail)}</div>
                    </div>
                  ),
                },
                { id: "length", title: "Length", align: "right", cell: (line) => bytes(line.length) },
                {
                  id: "excerpt",
                  title: "Beginning (masked)",
                  cell: (line) => (
                    <code className="break-all whitespace-pre-wrap">{visible(line.excerpt)}</code>
                  ),
                },
              ]}
            />
            {lines.length < all && (
              <p className="px-4 py-2 text-muted">
                The first {count(lines.length)} of {count(all)} are shown. <code>assay import rejected</code>{" "}
                lists those that are kept.
              </p>
            )}
          </>
        )}
      </Answered>
    </Panel>
  );
}

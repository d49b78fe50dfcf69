// What could not be carried over from or to another tool, and what becomes of it.

import { Rows } from "@/components/table/Rows";
import type { PolicyLoss } from "@/lib/bindings";
import { counted } from "@/lib/format";

export function LossList({ losses }: { losses: readonly PolicyLoss[] }) {
  if (losses.length === 0) return <p>Everything was carried over.</p>;
  return (
    <div className="grid gap-1">
      <p className="font-semibold">{counted(losses.length, "thing")} not carried over as it stands</p>
      <div className="max-h-64 overflow-auto rounded-control border border-line">
        <Rows
          label="Not carried over"
          rows={losses}
          rowKey={(loss) => `${loss.what} ${loss.becomes}`}
          columns={[
            {
              id: "what",
              title: "What",
              width: "34%",
              cell: (loss) => <span className="[overflow-wrap:anywhere]">{loss.what}</span>,
            },
            {
              id: "becomes",
              title: "What becomes of it",
              cell: (loss) => <span className="[overflow-wrap:anywhere]">{loss.becomes}</span>,
            },
          ]}
        />
      </div>
    </div>
  );
}

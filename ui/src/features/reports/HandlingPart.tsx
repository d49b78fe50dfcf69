// Data handling of each deployment: what is known, on what it rests.

import { MarkChip, NoteChip } from "@/components/Chip";
import { type Column, Rows } from "@/components/table/Rows";
import type { Handling, Line } from "@/lib/bindings";
import { count, counted, date } from "@/lib/format";

const COLUMNS: readonly Column<Line>[] = [
  { id: "topic", title: "Topic", width: "18%", cell: (line) => line.topic },
  { id: "mark", title: "Known as", width: "16%", cell: (line) => <MarkChip mark={line.mark} /> },
  {
    id: "statement",
    title: "Statement",
    cell: (line) => (
      <>
        {line.statement}
        {(line.source ?? line.as_of) !== null && (
          <span className="block text-sm break-words text-muted">
            {[line.source, line.as_of === null ? null : `as of ${date(line.as_of)}`]
              .filter(Boolean)
              .join(", ")}
          </span>
        )}
        {line.review_due && <NoteChip word="Review due" tone="medium" />}
      </>
    ),
  },
];

export function HandlingPart({ handling }: { handling: readonly Handling[] }) {
  if (handling.length === 0) return <p>No deployment is in scope.</p>;
  return (
    <div className="grid gap-4">
      {handling.map((one) => (
        <section
          key={one.deployment}
          aria-label={`Data handling of ${one.deployment}`}
          className="grid gap-1"
        >
          <h4 className="font-semibold">
            {one.deployment} <span className="font-normal text-muted">{one.kind}</span>
          </h4>
          <p className="text-sm text-muted">
            {[
              one.regulated ? "regulated" : null,
              one.zero_retention ? "zero retention declared" : null,
              one.owner === null ? "no owner declared" : `owner ${one.owner}`,
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <p>
            {counted(one.calls, "call")} in the period
            {one.places.length > 0 &&
              ` ran in: ${one.places
                .map((place) => `${place.region ?? "place not recorded"} ${count(place.calls)}`)
                .join(", ")}`}
            .
          </p>
          <Rows
            label={`Statements on ${one.deployment}`}
            rows={one.lines}
            rowKey={(line) => `${line.topic} ${line.mark} ${line.statement}`}
            columns={COLUMNS}
          />
        </section>
      ))}
    </div>
  );
}

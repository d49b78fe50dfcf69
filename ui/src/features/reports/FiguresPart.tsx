// Figures with what they are out of; each opens its calls.

import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { Missing } from "@/components/text/When";
import { countedText, shareText, valueText } from "@/features/reports/values";
import type { Figure } from "@/lib/bindings";

const COLUMNS: readonly Column<Figure>[] = [
  {
    id: "figure",
    title: "Figure",
    cell: (figure) => (
      <>
        {figure.title}
        {figure.note && <span className="block text-sm text-muted">{figure.note}</span>}
      </>
    ),
  },
  {
    id: "value",
    title: "Value",
    align: "right",
    cell: (figure) => {
      const text = valueText(figure.value);
      return figure.query === null ? text : <TrailLink query={figure.query}>{text}</TrailLink>;
    },
  },
  { id: "share", title: "Share", align: "right", cell: (figure) => shareText(figure) ?? "" },
  { id: "of", title: "Out of", cell: (figure) => countedText(figure.denominator) ?? <Missing /> },
  {
    id: "unknown",
    title: "Not known",
    cell: (figure) => countedText(figure.unknown) ?? "",
  },
];

export function FiguresPart({ figures }: { figures: readonly Figure[] }) {
  return (
    <Rows
      label="Figures and what they are out of"
      rows={figures}
      rowKey={(figure) => figure.id}
      columns={COLUMNS}
    />
  );
}

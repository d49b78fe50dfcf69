// What an import of a corpus added, and what its labels were taken for.

import { type Column, Rows } from "@/components/table/Rows";
import { typeName } from "@/features/redaction/entityTypes";
import type { AddedTexts, LabelRow } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

const COLUMNS: readonly Column<LabelRow>[] = [
  { id: "label", title: "Label", cell: (row) => <code className="wrap-anywhere">{row.label}</code> },
  { id: "spans", title: "Spans", align: "right", cell: (row) => count(row.spans) },
  {
    id: "type",
    title: "Taken for",
    cell: (row) =>
      row.entity_type === null ? (
        <span className="text-muted">left out</span>
      ) : (
        <>
          {typeName(row.entity_type)}
          {!row.is_found && (
            <span className="block text-sm text-muted">
              Nothing in the policy in force finds it: all of these count as missed.
            </span>
          )}
        </>
      ),
  },
];

export function Imported({ added }: { added: AddedTexts }) {
  return (
    <div role="status" className="grid gap-2">
      <p>
        Imported {counted(added.texts.length, "text")} with {counted(added.labels, "label")}.
        {added.held > 0 && ` ${counted(added.held, "text")} that it holds already left out.`}
        {added.empty > 0 && ` ${counted(added.empty, "text")} with nothing in it left out.`}
        {added.labels === 0 &&
          added.texts.length > 0 &&
          " Without labels whatever is found in them counts as wrong."}
      </p>
      {added.taken_for.length > 0 && (
        <Rows
          label="What the labels were taken for"
          rows={added.taken_for}
          rowKey={(row) => row.label}
          columns={COLUMNS}
        />
      )}
    </div>
  );
}

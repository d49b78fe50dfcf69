// A plain table for lists of tens of rows. Long lists use `VirtualGrid`.

import type { ReactNode } from "react";

export type Column<Row> = {
  id: string;
  title: string;
  /** Numbers stand at the right. */
  align?: "right";
  width?: string;
  cell: (row: Row) => ReactNode;
};

type Props<Row> = {
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  columns: readonly Column<Row>[];
};

export function Rows<Row>({ label, rows, rowKey, columns }: Props<Row>) {
  return (
    <section className="relative overflow-x-auto" tabIndex={0} aria-label={label}>
      <table className="w-full border-collapse">
        <thead>
          <tr className="bg-surface2 text-sm text-muted">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={`border-b border-line px-3 py-1.5 whitespace-nowrap ${column.align === "right" ? "text-right" : "text-left"}`}
                style={column.width ? { width: column.width } : undefined}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="align-top hover:bg-hover">
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={`border-b border-line px-3 py-1.5 ${column.align === "right" ? "text-right whitespace-nowrap" : ""}`}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

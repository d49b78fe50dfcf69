// The grid of a list of records, calls or activities: its pages, and the record that is open.

import { Problem } from "@/components/States";
import { type GridColumn, VirtualGrid } from "@/components/table/VirtualGrid";
import { type Page, type PageName, usePages } from "@/features/trail/usePages";
import type { Answer } from "@/lib/call";

type Props<Name extends PageName, Row> = {
  label: string;
  name: Name;
  query: string;
  /** Records in the store: another number makes the cursors of before worthless. */
  stored: number;
  total: number;
  read: (answer: Answer<Name>) => Page<Row>;
  columns: readonly GridColumn<Row>[];
  openId: string | undefined;
  onOpened: (id: string) => void;
};

export function RecordGrid<Name extends PageName, Row extends { id: string }>(props: Props<Name, Row>) {
  const { label, name, query, stored, total, read, columns, openId, onOpened } = props;
  const pages = usePages(name, query, `${query}\n${stored}`, read);
  if (pages.error) return <Problem error={pages.error} what={`list ${label.toLowerCase()}`} />;
  return (
    <VirtualGrid
      label={label}
      columns={columns}
      total={total}
      rowAt={pages.rowAt}
      rowKey={(row) => row.id}
      openKey={openId}
      onOpened={(row) => onOpened(row.id)}
      onShown={pages.onShown}
    />
  );
}

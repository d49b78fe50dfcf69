// The grid of a list of records, calls or activities: its pages, its columns, what is selected in it,
// and the record that is open.

import { Columns3 } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Problem } from "@/components/States";
import { type GridHandle, VirtualGrid } from "@/components/table/VirtualGrid";
import { ColumnsDialog } from "@/features/trail/ColumnsDialog";
import { GoToDialog } from "@/features/trail/GoToDialog";
import type { ListLayout } from "@/features/trail/layout";
import { type Order, type Page, type PageName, usePages } from "@/features/trail/usePages";
import { MOST, type Selection, useSelection } from "@/features/trail/useSelection";
import type { Answer } from "@/lib/call";
import { count, counted } from "@/lib/format";

type Props<Name extends PageName, Row> = {
  label: string;
  /** One record, and several. */
  words: readonly [string, string];
  name: Name;
  query: string;
  total: number;
  read: (answer: Answer<Name>) => Page<Row>;
  layout: ListLayout<Row>;
  openId: string | undefined;
  onOpened: (id: string) => void;
  /** Exporting what is selected, as a query. */
  onExported: (query: string) => void;
};

const idOf = <Row extends { id: string }>(row: Row) => row.id;

export function RecordGrid<Name extends PageName, Row extends { id: string }>(props: Props<Name, Row>) {
  const { label, words, name, query, total, read, layout, openId, onOpened, onExported } = props;
  const [order, setOrder] = useState<Order>("newest");
  const [asking, setAsking] = useState<"row" | "columns" | null>(null);
  const grid = useRef<GridHandle>(null);
  const pages = usePages(name, query, total, order, read);
  const { selection, select } = useSelection();
  const head = useMemo(
    () => ({
      onResized: layout.resize,
      onMoved: layout.move,
      onHidden: (id: string) => layout.show(id, false),
      isOldestFirst: order === "oldest",
      onTurned: () => setOrder((now) => (now === "newest" ? "oldest" : "newest")),
    }),
    [layout, order],
  );
  if (pages.error) return <Problem error={pages.error} what={`list ${label.toLowerCase()}`} />;
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-8 shrink-0 flex-wrap items-center gap-2 border-b border-line px-2 text-sm">
        <Selected
          selection={selection}
          total={total}
          words={words}
          query={query}
          onExported={onExported}
          onCleared={() => select({ kind: "none" }, () => undefined)}
        />
        <span className="flex-1" />
        <Button tone="quiet" className="h-6 text-sm" onPress={() => setAsking("row")}>
          Go to…
        </Button>
        <Button tone="quiet" className="h-6 text-sm" onPress={() => setAsking("columns")}>
          <Columns3 aria-hidden size={14} />
          Columns
        </Button>
      </div>
      <div className="min-h-0 flex-1">
        <VirtualGrid
          label={label}
          columns={layout.shown}
          total={total}
          rowAt={pages.rowAt}
          rowKey={idOf}
          openKey={openId}
          onOpened={(row) => onOpened(row.id)}
          onShown={pages.onShown}
          isSelected={(id) => selection.isAll || selection.ids.has(id)}
          onSelected={(selecting) => select(selecting, (index) => pages.rowAt(index)?.id)}
          onGoTo={() => setAsking("row")}
          head={head}
          whyUnsorted={`An index keeps the list by time only. By any other column all ${counted(total, words[0], words[1])} would have to be read and put in order first; filter instead.`}
          handle={grid}
        />
      </div>
      <GoToDialog
        name={name}
        query={query}
        total={total}
        isOldestFirst={order === "oldest"}
        isOpen={asking === "row"}
        onClosed={() => setAsking(null)}
        onGone={(row) => grid.current?.goTo(row)}
      />
      <ColumnsDialog layout={layout} isOpen={asking === "columns"} onClosed={() => setAsking(null)} />
    </div>
  );
}

type SelectedProps = {
  selection: Selection;
  total: number;
  words: readonly [string, string];
  query: string;
  onExported: (query: string) => void;
  onCleared: () => void;
};

function Selected({ selection, total, words, query, onExported, onCleared }: SelectedProps) {
  const chosen = selection.isAll ? total : selection.ids.size;
  return (
    <>
      <span aria-live="polite" className="text-muted">
        {chosen === 0
          ? "Nothing selected"
          : selection.isAll
            ? `All ${counted(total, words[0], words[1])} that match selected`
            : `${counted(chosen, words[0], words[1])} selected`}
        {selection.isShort && ` · only loaded rows, at most ${count(MOST)}`}
      </span>
      {chosen > 0 && (
        <>
          <Button
            tone="quiet"
            className="h-6 text-sm"
            onPress={() => onExported(selection.isAll ? query : `id:${[...selection.ids].join(",")}`)}
          >
            Export these
          </Button>
          <Button tone="quiet" className="h-6 text-sm" onPress={onCleared}>
            Clear the selection
          </Button>
        </>
      )}
    </>
  );
}

// A grid over any number of rows: a fixed pool of rows, placed by `transform`.
//
// In: how many rows there are, a function that answers the row at an index where it is loaded (the
// same row while nothing of it has changed), which are selected. Out: which rows are on screen, which
// is opened or selected. Not here: loading rows, keeping a layout, where rows stand (`geometry`).

import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { GridHead, type HeadActions } from "@/components/table/GridHead";
import { GridRow } from "@/components/table/GridRow";
import { drawn, geometry, HEAD_PX, MARK_PX, ROW_PX, template } from "@/components/table/geometry";
import { useRush } from "@/components/table/useRush";
import { count } from "@/lib/format";

export type GridColumn<Row> = {
  id: string;
  title: string;
  /** In pixels; the last column takes what is left. */
  width: number;
  align?: "right";
  /** Whether an index keeps the list in its order. */
  isSorted?: boolean;
  cell: (row: Row) => ReactNode;
};

/** What somebody selects: one row more or less, all between two, all that there are, none. */
export type Selecting =
  | { kind: "toggle"; index: number }
  | { kind: "range"; from: number; to: number }
  | { kind: "all" }
  | { kind: "none" };

/** What a grid lets others do with it. */
export type GridHandle = { goTo: (index: number) => void };

type Props<Row> = {
  label: string;
  columns: readonly GridColumn<Row>[];
  total: number;
  rowAt: (index: number) => Row | undefined;
  rowKey: (row: Row) => string;
  openKey: string | undefined;
  onOpened: (row: Row) => void;
  /** Rows that are on screen: from, to (exclusive). */
  onShown: (from: number, to: number) => void;
  isSelected?: (key: string) => boolean;
  onSelected?: (selecting: Selecting) => void;
  /** Somebody asks for a row by number or time. */
  onGoTo?: () => void;
  head?: HeadActions;
  whyUnsorted?: string;
  handle?: Ref<GridHandle>;
};

const NONE = () => false;

export function VirtualGrid<Row>(props: Props<Row>) {
  const { label, columns, total, rowAt, rowKey, openKey, onOpened, onShown } = props;
  const { isSelected = NONE, onSelected, onGoTo, head, whyUnsorted = "", handle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  const [viewPx, setViewPx] = useState(400);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const [awaited, setAwaited] = useState<number | null>(null);
  const rush = useRush(viewPx);
  const tellRush = rush.told;
  const [pulled, setPulled] = useState<{ id: string; width: number } | null>(null);
  /** The other end of what Shift selects. */
  const anchor = useRef(0);
  const { contentPx, virtualPx, isScaled } = geometry(total, viewPx);
  const mostTop = Math.max(0, virtualPx - viewPx);
  const mostScroll = Math.max(1, contentPx - viewPx);
  const here = Math.min(top, mostTop);
  const { pool, from, seen, basePx } = drawn(total, viewPx, here);
  const [seenFrom, seenTo] = seen;
  const widths = columns.map((column) => (column.id === pulled?.id ? pulled.width : column.width));
  const widthPx = widths.reduce((sum, width) => sum + width, MARK_PX);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setViewPx(Math.max(ROW_PX, element.clientHeight - HEAD_PX));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Whoever rushes by reads nothing: rows are asked for where they slow down.
  useEffect(() => {
    if (!rush.isOn) onShown(seenFrom, seenTo);
  }, [seenFrom, seenTo, onShown, rush.isOn]);

  const moveTo = (wanted: number) => {
    const next = Math.max(0, Math.min(mostTop, wanted));
    setTop(next);
    if (scroller.current) scroller.current.scrollTop = isScaled ? (next / mostTop) * mostScroll : next;
  };

  // A notch of the wheel moves by its own pixels also where the bar is scaled.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !isScaled) return;
    const wheel = (event: WheelEvent) => {
      if (event.deltaY === 0 || event.ctrlKey) return;
      event.preventDefault();
      setTop((now) => {
        const next = Math.max(0, Math.min(mostTop, now + event.deltaY));
        element.scrollTop = (next / mostTop) * mostScroll;
        return next;
      });
      tellRush(event.deltaY);
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [isScaled, mostTop, mostScroll, tellRush]);

  const scrolled = () => {
    const at = scroller.current?.scrollTop ?? 0;
    // Our own moves come back rounded; only a person's move is a new position.
    if (isScaled && Math.abs(at - (here / mostTop) * mostScroll) <= 1) return;
    const next = isScaled ? (at / mostScroll) * mostTop : at;
    tellRush(next - here);
    setTop(next);
  };

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    setAwaited(null);
    if (next * ROW_PX < here) moveTo(next * ROW_PX);
    else if ((next + 1) * ROW_PX > here + viewPx) moveTo((next + 1) * ROW_PX - viewPx);
    const row = rowAt(next);
    if (row && openKey !== undefined) onOpened(row);
    return next;
  };

  useImperativeHandle(handle, () => ({
    goTo: (index) => {
      anchor.current = goTo(index);
      scroller.current?.focus();
    },
  }));

  const select = (selecting: Selecting) => {
    if (selecting.kind === "toggle") anchor.current = selecting.index;
    onSelected?.(selecting);
  };

  const pressed = (event: KeyboardEvent) => {
    // Keys of what stands inside, a column's menu, are its own.
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(viewPx / ROW_PX) - 1);
    const isControl = event.ctrlKey || event.metaKey;
    const moves: Record<string, number> = isControl
      ? { Home: 0, End: total - 1 }
      : {
          ArrowDown: active + 1,
          j: active + 1,
          ArrowUp: active - 1,
          k: active - 1,
          PageDown: active + page,
          PageUp: active - page,
          Home: 0,
          End: total - 1,
        };
    const next = moves[event.key];
    const key = event.key.toLowerCase();
    if (next !== undefined) {
      const at = goTo(next);
      if (event.shiftKey && onSelected) select({ kind: "range", from: anchor.current, to: at });
      else anchor.current = at;
    } else if (isControl && key === "a" && onSelected) {
      select({ kind: "all" });
    } else if (isControl && key === "g" && onGoTo) {
      onGoTo();
    } else if (isControl || event.altKey) {
      return;
    } else if (event.key === "Escape") {
      // Whoever stands around the grid may have a use for it too.
      onSelected?.({ kind: "none" });
      return;
    } else if (event.key === "Enter") {
      setAwaited(active);
    } else if (event.key === " " && onSelected) {
      if (event.shiftKey) select({ kind: "range", from: anchor.current, to: active });
      else select({ kind: "toggle", index: active });
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      scroller.current?.scrollBy({ left: event.key === "ArrowLeft" ? -120 : 120 });
    } else {
      return;
    }
    event.preventDefault();
  };

  // Enter on a row that is still loading opens it when it is there.
  const awaitedRow = awaited === null ? undefined : rowAt(awaited);
  useEffect(() => {
    if (awaitedRow === undefined) return;
    setAwaited(null);
    onOpened(awaitedRow);
  }, [awaitedRow, onOpened]);

  const isRushing = rush.isOn;
  const draw = useCallback(
    (index: number, row: Row | undefined) => {
      if (isRushing) {
        return (
          <div role="gridcell" tabIndex={-1} className="truncate px-2 leading-[27px] text-subtle">
            {`Row ${count(index + 1)}`}
          </div>
        );
      }
      return columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          tabIndex={-1}
          data-column={column.id}
          className={`truncate px-2 leading-[27px] ${column.align === "right" ? "text-right" : ""}`}
        >
          {row === undefined ? at === 0 && <span className="text-subtle">Loading…</span> : column.cell(row)}
        </div>
      ));
    },
    [columns, isRushing],
  );

  // Rows are drawn anew only where they changed, so what they call stays the same.
  const now = useRef({ rowAt, onOpened, select, setActive });
  useLayoutEffect(() => {
    now.current = { rowAt, onOpened, select, setActive };
  });
  const rowPressed = useCallback((index: number, event: MouseEvent) => {
    const { rowAt, onOpened, select, setActive } = now.current;
    setActive(index);
    if (event.shiftKey) return select({ kind: "range", from: anchor.current, to: index });
    if (event.ctrlKey || event.metaKey) return select({ kind: "toggle", index });
    anchor.current = index;
    const row = rowAt(index);
    if (row !== undefined) onOpened(row);
  }, []);
  const rowMarked = useCallback((index: number, event: MouseEvent) => {
    const { select, setActive } = now.current;
    setActive(index);
    if (event.shiftKey) select({ kind: "range", from: anchor.current, to: index });
    else select({ kind: "toggle", index });
  }, []);
  const pull = useCallback(
    (id: string, width: number | null) => setPulled(width === null ? null : { id, width }),
    [],
  );
  const resized = head?.onResized;
  const fit = useCallback(
    (id: string) => {
      const cells = scroller.current?.querySelectorAll(`[role=gridcell][data-column="${id}"]`) ?? [];
      const widest = Math.max(NARROWEST_FIT, ...[...cells].map((cell) => widthOf(cell)));
      resized?.(id, widest);
    },
    [resized],
  );

  const rows = Array.from({ length: pool }, (_, slot) => from + slot);
  const layout: CSSProperties & Record<`--${string}`, string> = {
    "--grid-columns": template(widths),
    "--grid-width": `${widthPx}px`,
  };
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable={onSelected !== undefined}
      aria-activedescendant={active >= from && active < from + pool ? `${gridId}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={pressed}
      onScroll={scrolled}
      className="relative h-full overflow-auto bg-surface outline-offset-[-2px] [contain:strict]"
      style={layout}
    >
      <GridHead columns={columns} whyUnsorted={whyUnsorted} actions={head} onPulled={pull} onFit={fit} />
      <div role="rowgroup" style={{ height: contentPx, minWidth: "var(--grid-width)" }}>
        <div
          className="sticky overflow-hidden [contain:strict]"
          style={{ top: HEAD_PX, height: Math.min(viewPx, contentPx) }}
        >
          <div className="absolute inset-x-0 top-0" style={{ transform: `translateY(${basePx - here}px)` }}>
            {rows.map((index) => {
              const row = rowAt(index);
              const key = row && rowKey(row);
              return (
                <GridRow
                  key={index % (pool || 1)}
                  id={`${gridId}-${index}`}
                  index={index}
                  top={index * ROW_PX - basePx}
                  isActive={index === active}
                  isOpen={key !== undefined && key === openKey}
                  isSelected={key !== undefined && isSelected(key)}
                  row={row}
                  draw={draw}
                  onPressed={rowPressed}
                  onMarked={rowMarked}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

const NARROWEST_FIT = 64;

/** How wide a cell would be if nothing of it were cut off. */
function widthOf(cell: Element): number {
  const inner = [...cell.querySelectorAll(".truncate")].map((part) => part.scrollWidth - part.clientWidth);
  return Math.ceil(cell.scrollWidth + Math.max(0, ...inner)) + 2;
}

// A grid over any number of rows: a fixed pool of rows, placed by `transform`.
//
// WebKitGTK clamps an element's height at 33,554,428 px and scroll positions to floats, so the
// content is at most 10,000,000 px high and the position in rows is kept here, not in the element.
// In: how many rows there are and a function that answers the row at an index, where it is loaded.
// Not here: loading rows.

import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

export type GridColumn<Row> = {
  id: string;
  title: string;
  /** In pixels; the last column takes what is left. */
  width: number;
  align?: "right";
  cell: (row: Row) => ReactNode;
};

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
};

const ROW_PX = 28;
const HEAD_PX = 30;
const MOST_PX = 10_000_000;

/** Where things are, from the height of the viewport and the number of rows. */
export function geometry(
  total: number,
  viewPx: number,
): { contentPx: number; virtualPx: number; isScaled: boolean } {
  const virtualPx = total * ROW_PX;
  const contentPx = Math.max(Math.min(virtualPx, MOST_PX), viewPx);
  return { contentPx, virtualPx, isScaled: virtualPx > MOST_PX };
}

export function VirtualGrid<Row>(props: Props<Row>) {
  const { label, columns, total, rowAt, rowKey, openKey, onOpened, onShown } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  const [viewPx, setViewPx] = useState(400);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const [awaited, setAwaited] = useState<number | null>(null);
  const { contentPx, virtualPx, isScaled } = geometry(total, viewPx);
  const mostTop = Math.max(0, virtualPx - viewPx);
  const mostScroll = Math.max(1, contentPx - viewPx);
  const here = Math.min(top, mostTop);
  const from = Math.max(0, Math.floor(here / ROW_PX));
  const to = Math.min(total, Math.ceil((here + viewPx) / ROW_PX));
  const widthPx = columns.reduce((sum, column) => sum + column.width, 0);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setViewPx(Math.max(ROW_PX, element.clientHeight - HEAD_PX));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    onShown(from, to);
  }, [from, to, onShown]);

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
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [isScaled, mostTop, mostScroll]);

  const scrolled = () => {
    const at = scroller.current?.scrollTop ?? 0;
    if (!isScaled) setTop(at);
    // Our own moves come back rounded; only a person's move is a new position.
    else if (Math.abs(at - (here / mostTop) * mostScroll) > 1) setTop((at / mostScroll) * mostTop);
  };

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    setAwaited(null);
    if (next * ROW_PX < here) moveTo(next * ROW_PX);
    else if ((next + 1) * ROW_PX > here + viewPx) moveTo((next + 1) * ROW_PX - viewPx);
    const row = rowAt(next);
    if (row && openKey !== undefined) onOpened(row);
  };

  const pressed = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(viewPx / ROW_PX) - 1);
    const moves: Record<string, number> = {
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
    if (event.key === "Enter") {
      setAwaited(active);
    } else if (next !== undefined && !event.ctrlKey && !event.metaKey) {
      goTo(next);
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

  const rows = Array.from({ length: Math.max(0, to - from) }, (_, slot) => from + slot);
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={active >= from && active < to ? `${gridId}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={pressed}
      onScroll={scrolled}
      className="relative h-full overflow-auto bg-surface outline-offset-[-2px] [contain:strict]"
    >
      <div
        role="row"
        tabIndex={-1}
        aria-rowindex={1}
        className="sticky top-0 z-10 flex border-b border-line bg-surface2 text-sm font-semibold text-muted"
        style={{ height: HEAD_PX, minWidth: widthPx }}
      >
        {columns.map((column, index) => (
          <div
            key={column.id}
            role="columnheader"
            tabIndex={-1}
            className="flex items-center px-2"
            style={place(columns, index)}
          >
            <span className="truncate">{column.title}</span>
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ height: contentPx, minWidth: widthPx }}>
        <div className="sticky overflow-hidden" style={{ top: HEAD_PX, height: Math.min(viewPx, contentPx) }}>
          {rows.map((index) => {
            const row = rowAt(index);
            const isOpen = row !== undefined && rowKey(row) === openKey;
            return (
              <div
                key={index % (rows.length || 1)}
                id={`${gridId}-${index}`}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                aria-selected={isOpen}
                onClick={() => {
                  setActive(index);
                  if (row) onOpened(row);
                }}
                onKeyDown={undefined}
                className={`absolute inset-x-0 flex border-b border-line hover:bg-hover ${isOpen ? "bg-selected shadow-[inset_3px_0_0_var(--accent)]" : ""} ${index === active ? "outline-1 outline-offset-[-1px] outline-transparent in-focus-visible:outline-focus" : ""}`}
                style={{ height: ROW_PX, transform: `translateY(${index * ROW_PX - here}px)` }}
              >
                {columns.map((column, at) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    tabIndex={-1}
                    className={`flex items-center px-2 ${column.align === "right" ? "justify-end" : ""}`}
                    style={place(columns, at)}
                  >
                    {row === undefined ? (
                      at === 0 && <span className="text-subtle">Loading…</span>
                    ) : (
                      <span className="truncate">{column.cell(row)}</span>
                    )}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function place<Row>(columns: readonly GridColumn<Row>[], index: number) {
  const width = columns[index]?.width ?? 100;
  const isLast = index === columns.length - 1;
  return { flex: isLast ? `1 0 ${width}px` : `0 0 ${width}px`, minWidth: 0 };
}

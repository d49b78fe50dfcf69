// The head of a grid: titles that are dragged, edges that are pulled, and a menu that does the same.
//
// Not here: keeping the layout. Dragging is by pointer events, since WebKitGTK keeps HTML's own for
// files that are dropped on the window.

import { ChevronDown } from "lucide-react";
import { memo, type PointerEvent, useRef, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator, Text } from "react-aria-components";
import { HEAD_PX } from "@/components/table/geometry";

/** What can be done with a column of a grid. */
export type HeadActions = {
  onResized: (id: string, width: number) => void;
  onMoved: (id: string, to: number) => void;
  onHidden: (id: string) => void;
  /** The order of the list, and what changes it. */
  isOldestFirst: boolean;
  onTurned: () => void;
};

export type HeadColumn = {
  id: string;
  title: string;
  width: number;
  /** Whether an index keeps the list in its order. */
  isSorted?: boolean;
};

type Props = {
  columns: readonly HeadColumn[];
  /** For the menu: why a column can't sort. */
  whyUnsorted: string;
  actions: HeadActions | undefined;
  /** While an edge is pulled. */
  onPulled: (id: string, width: number | null) => void;
  onFit: (id: string) => void;
};

export const NARROWEST = 48;
const WIDEST = 900;
/** Pixels of a step by key. */
export const WIDER = 32;

function within(width: number): number {
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
}

function Head({ columns, whyUnsorted, actions, onPulled, onFit }: Props) {
  const row = useRef<HTMLDivElement>(null);
  const [target, setTarget] = useState<number | null>(null);
  const at = useRef<{ x: number; id: string; isMoving: boolean } | null>(null);

  const places = () => [...(row.current?.querySelectorAll("[role=columnheader][data-column]") ?? [])];
  const targetAt = (x: number): number => {
    const before = places().filter((cell) => {
      const box = cell.getBoundingClientRect();
      return x > box.left + box.width / 2;
    });
    return before.length;
  };
  const dragged = (event: PointerEvent) => {
    const now = at.current;
    if (!now) return;
    if (!now.isMoving && Math.abs(event.clientX - now.x) < 6) return;
    now.isMoving = true;
    setTarget(targetAt(event.clientX));
  };
  const dropped = (event: PointerEvent) => {
    const now = at.current;
    at.current = null;
    setTarget(null);
    if (!now?.isMoving) return;
    const from = columns.findIndex((column) => column.id === now.id);
    const to = targetAt(event.clientX);
    actions?.onMoved(now.id, to > from ? to - 1 : to);
  };

  return (
    <div
      ref={row}
      role="row"
      tabIndex={-1}
      aria-rowindex={1}
      className="sticky top-0 z-10 grid border-b border-line bg-surface2 text-sm font-semibold text-muted [grid-template-columns:var(--grid-columns)]"
      style={{ height: HEAD_PX, minWidth: "var(--grid-width)" }}
    >
      <div role="columnheader" tabIndex={-1}>
        <span className="sr-only">Selected</span>
      </div>
      {columns.map((column, index) => (
        <div
          key={column.id}
          role="columnheader"
          tabIndex={-1}
          data-column={column.id}
          aria-sort={column.isSorted ? (actions?.isOldestFirst ? "ascending" : "descending") : undefined}
          className={`relative flex min-w-0 items-center pl-2 ${target === index ? "shadow-[inset_2px_0_0_var(--accent)]" : ""} ${target === columns.length && index === columns.length - 1 ? "shadow-[inset_-2px_0_0_var(--accent)]" : ""}`}
        >
          <span
            className="min-w-0 flex-1 cursor-grab truncate select-none"
            onPointerDown={(event) => {
              if (!actions || event.button !== 0) return;
              at.current = { x: event.clientX, id: column.id, isMoving: false };
              event.currentTarget.setPointerCapture(event.pointerId);
            }}
            onPointerMove={dragged}
            onPointerUp={dropped}
            onPointerCancel={() => {
              at.current = null;
              setTarget(null);
            }}
          >
            {column.title}
            {column.isSorted && (
              <span aria-hidden className="pl-1">
                {actions?.isOldestFirst ? "↑" : "↓"}
              </span>
            )}
          </span>
          {actions && (
            <>
              <ColumnMenu
                column={column}
                index={index}
                count={columns.length}
                whyUnsorted={whyUnsorted}
                actions={actions}
                onFit={onFit}
              />
              <Edge
                column={column}
                onPulled={onPulled}
                onResized={actions.onResized}
                onFit={() => onFit(column.id)}
              />
            </>
          )}
        </div>
      ))}
    </div>
  );
}

export const GridHead = memo(Head);

type EdgeProps = {
  column: HeadColumn;
  onPulled: (id: string, width: number | null) => void;
  onResized: (id: string, width: number) => void;
  onFit: () => void;
};

function Edge({ column, onPulled, onResized, onFit }: EdgeProps) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const width = (event: PointerEvent) =>
    from.current ? within(from.current.width + event.clientX - from.current.x) : column.width;
  return (
    <span
      aria-hidden
      data-edge={column.id}
      className="absolute inset-y-0 right-0 w-2 cursor-col-resize border-r border-line hover:border-accent"
      onDoubleClick={onFit}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        from.current = { x: event.clientX, width: column.width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current) onPulled(column.id, width(event));
      }}
      onPointerUp={(event) => {
        const next = width(event);
        from.current = null;
        onPulled(column.id, null);
        if (next !== column.width) onResized(column.id, next);
      }}
      onPointerCancel={() => {
        from.current = null;
        onPulled(column.id, null);
      }}
    />
  );
}

type MenuProps = {
  column: HeadColumn;
  index: number;
  count: number;
  whyUnsorted: string;
  actions: HeadActions;
  onFit: (id: string) => void;
};

const ITEM = "cursor-default rounded-chip px-2 py-1 outline-none focus:bg-hover disabled:text-subtle";

function ColumnMenu({ column, index, count, whyUnsorted, actions, onFit }: MenuProps) {
  const sorted = column.isSorted === true;
  const done: Record<string, () => void> = {
    newest: actions.onTurned,
    oldest: actions.onTurned,
    fit: () => onFit(column.id),
    wider: () => actions.onResized(column.id, within(column.width + WIDER)),
    narrower: () => actions.onResized(column.id, within(column.width - WIDER)),
    left: () => actions.onMoved(column.id, index - 1),
    right: () => actions.onMoved(column.id, index + 1),
    hide: () => actions.onHidden(column.id),
  };
  const disabled = [
    ...(sorted ? [actions.isOldestFirst ? "oldest" : "newest"] : ["newest", "oldest"]),
    ...(index === 0 ? ["left"] : []),
    ...(index === count - 1 ? ["right"] : []),
    ...(count === 1 ? ["hide"] : []),
  ];
  return (
    <MenuTrigger>
      <Button
        excludeFromTabOrder
        aria-label={`Column ${column.title}`}
        className="mr-2 grid size-5 shrink-0 place-items-center rounded-chip hover:bg-hover"
      >
        <ChevronDown aria-hidden size={12} />
      </Button>
      <Popover className="max-w-80 rounded-control border border-line bg-surface shadow-pop">
        <Menu
          aria-label={`Column ${column.title}`}
          className="p-1 outline-none"
          disabledKeys={disabled}
          onAction={(key) => done[String(key)]?.()}
        >
          {sorted ? (
            <>
              <MenuItem id="newest" className={ITEM}>
                Newest first
              </MenuItem>
              <MenuItem id="oldest" className={ITEM}>
                Oldest first
              </MenuItem>
            </>
          ) : (
            <MenuItem id="newest" textValue="Sort" className={ITEM}>
              <Text slot="label">Sort by this column</Text>
              <Text slot="description" className="block text-sm">
                {whyUnsorted}
              </Text>
            </MenuItem>
          )}
          <Separator className="my-1 border-t border-line" />
          <MenuItem id="fit" className={ITEM}>
            Fit to what is shown
          </MenuItem>
          <MenuItem id="wider" className={ITEM}>
            Wider
          </MenuItem>
          <MenuItem id="narrower" className={ITEM}>
            Narrower
          </MenuItem>
          <MenuItem id="left" className={ITEM}>
            Move left
          </MenuItem>
          <MenuItem id="right" className={ITEM}>
            Move right
          </MenuItem>
          <MenuItem id="hide" className={ITEM}>
            Hide
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

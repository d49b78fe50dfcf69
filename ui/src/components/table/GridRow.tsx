// One row of the pool: its place, what it looks like, and its cells where it is loaded.

import { Check } from "lucide-react";
import { type MouseEvent, memo, type ReactNode } from "react";
import { ROW_PX } from "@/components/table/geometry";

type Props = {
  id: string;
  index: number;
  top: number;
  isActive: boolean;
  isOpen: boolean;
  isSelected: boolean;
  /** What stands in it; `undefined` while it is loading. */
  row: unknown;
  /** The cells of a row; another function where other cells are shown. */
  draw(index: number, row: unknown): ReactNode;
  onPressed: (index: number, event: MouseEvent) => void;
  onMarked: (index: number, event: MouseEvent) => void;
};

function Row({ id, index, top, isActive, isOpen, isSelected, row, draw, onPressed, onMarked }: Props) {
  const look = isSelected || isOpen ? "bg-selected" : "hover:bg-hover";
  return (
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-current={isOpen ? "true" : undefined}
      onClick={(event) => onPressed(index, event)}
      onKeyDown={undefined}
      className={`absolute inset-x-0 grid border-b border-line [contain:layout_style] [grid-template-columns:var(--grid-columns)] ${look} ${isOpen ? "shadow-[inset_3px_0_0_var(--accent)]" : ""} ${isActive ? "outline-1 outline-offset-[-1px] outline-transparent in-focus-visible:outline-focus" : ""}`}
      style={{ height: ROW_PX, transform: `translateY(${top}px)` }}
    >
      <div
        role="gridcell"
        tabIndex={-1}
        aria-label={isSelected ? "selected" : "not selected"}
        className="grid place-items-center"
        onClick={(event) => {
          event.stopPropagation();
          onMarked(index, event);
        }}
        onKeyDown={undefined}
      >
        <span
          aria-hidden
          className={`grid size-3.5 place-items-center rounded-chip border ${isSelected ? "border-accent bg-accent text-onaccent" : "border-control bg-surface"}`}
        >
          {isSelected && <Check size={11} strokeWidth={3} />}
        </span>
      </div>
      {draw(index, row)}
    </div>
  );
}

export const GridRow = memo(Row);

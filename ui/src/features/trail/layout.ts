// The columns of a list as somebody laid them out: which, in what order, how wide. Kept among the
// preferences; only what differs from the standard, and nothing of any record.

import { useMemo } from "react";
import type { GridColumn } from "@/components/table/VirtualGrid";
import { type Layout, setPreferences, usePreferences } from "@/lib/preferences";

/** A column, and whether it is shown where nobody said otherwise. */
export type TrailColumn<Row> = GridColumn<Row> & { isExtra?: boolean };

/** A column in the list of all columns. */
export type Placed<Row> = { column: TrailColumn<Row>; isShown: boolean };

export const STANDARD: Layout = { order: [], shown: {}, widths: {} };

/** All columns in their order, with their widths. Columns that a newer version has stand last. */
export function placed<Row>(columns: readonly TrailColumn<Row>[], layout: Layout): Placed<Row>[] {
  const known = layout.order.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const rest = columns.filter((column) => !layout.order.includes(column.id));
  return [...known, ...rest].map((column) => ({
    column: { ...column, width: layout.widths[column.id] ?? column.width },
    isShown: layout.shown[column.id] ?? column.isExtra !== true,
  }));
}

/** The layout with a column put at a place among those that are shown. */
export function moved<Row>(
  columns: readonly TrailColumn<Row>[],
  layout: Layout,
  id: string,
  to: number,
): Layout {
  const all = placed(columns, layout);
  const own = all.find(({ column }) => column.id === id);
  if (!own) return layout;
  const others = all.filter((one) => one !== own);
  const shown = others.filter(({ isShown }) => isShown);
  const next = shown[Math.max(0, to)];
  const at = next === undefined ? others.length : others.indexOf(next);
  const order = [...others.slice(0, at), own, ...others.slice(at)];
  return { ...layout, order: order.map(({ column }) => column.id) };
}

/** The layout of a list, and what changes it. */
export function useLayout<Row>(name: string, columns: readonly TrailColumn<Row>[]) {
  const { columns: kept } = usePreferences();
  const layout = kept[name] ?? STANDARD;
  return useMemo(() => {
    const change = (next: Layout) => setPreferences({ columns: { ...kept, [name]: next } });
    const all = placed(columns, layout);
    return {
      all,
      shown: all.filter(({ isShown }) => isShown).map(({ column }) => column),
      isStandard: layout === STANDARD,
      resize: (id: string, width: number) => change({ ...layout, widths: { ...layout.widths, [id]: width } }),
      show: (id: string, isShown: boolean) =>
        change({ ...layout, shown: { ...layout.shown, [id]: isShown } }),
      move: (id: string, to: number) => change(moved(columns, layout, id, to)),
      reset: () => {
        const { [name]: _, ...others } = kept;
        setPreferences({ columns: others });
      },
    };
  }, [kept, layout, name, columns]);
}

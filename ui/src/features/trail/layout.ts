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

/** The columns that a saved view names, `model` or `model:190` with its width, as a layout. */
export function ofView<Row>(columns: readonly TrailColumn<Row>[], names: readonly string[]): Layout {
  const named = names.map((name) => name.split(":"));
  const order = named.flatMap(([id]) => (columns.some((column) => column.id === id) && id ? [id] : []));
  return {
    order,
    shown: Object.fromEntries(columns.map(({ id }) => [id, order.includes(id)])),
    widths: Object.fromEntries(
      named.flatMap(([id, width]) => (id && Number(width) > 0 ? [[id, Number(width)]] : [])),
    ),
  };
}

/** The columns that are shown, as a saved view names them. */
export function namesOf<Row>(shown: readonly TrailColumn<Row>[]): string[] {
  return shown.map(({ id, width }) => `${id}:${Math.round(width)}`);
}

/** The columns of an open view, and what was changed of them since it was opened. */
export type Laid = {
  names: readonly string[];
  changed: Layout | undefined;
  onChanged: (layout: Layout | undefined) => void;
};

/** A list's layout with what changes it. */
export type ListLayout<Row> = ReturnType<typeof useLayout<Row>>;

/** The layout of a list, and what changes it. Of an open view nothing is kept but what it saved. */
export function useLayout<Row>(name: string, columns: readonly TrailColumn<Row>[], laid?: Laid) {
  const { columns: kept } = usePreferences();
  const standard = useMemo(
    () => (laid === undefined ? STANDARD : ofView(columns, laid.names)),
    [columns, laid],
  );
  const layout = (laid === undefined ? kept[name] : laid.changed) ?? standard;
  return useMemo(() => {
    const change = (next: Layout) =>
      laid === undefined ? setPreferences({ columns: { ...kept, [name]: next } }) : laid.onChanged(next);
    const all = placed(columns, layout);
    return {
      all,
      shown: all.filter(({ isShown }) => isShown).map(({ column }) => column),
      isStandard: layout === standard,
      isOfView: laid !== undefined,
      resize: (id: string, width: number) => change({ ...layout, widths: { ...layout.widths, [id]: width } }),
      show: (id: string, isShown: boolean) =>
        change({ ...layout, shown: { ...layout.shown, [id]: isShown } }),
      move: (id: string, to: number) => change(moved(columns, layout, id, to)),
      reset: () => {
        if (laid !== undefined) return laid.onChanged(undefined);
        const { [name]: _, ...others } = kept;
        setPreferences({ columns: others });
      },
    };
  }, [kept, layout, standard, name, columns, laid]);
}

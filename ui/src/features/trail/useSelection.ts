// Which records of a list are selected: some, by their ids, or all that match.
//
// A range reaches only over rows that are loaded, since others are known by number alone; the screen
// says so. Not here: what is done with them.

import { useCallback, useState } from "react";
import type { Selecting } from "@/components/table/VirtualGrid";

export type Selection = { isAll: boolean; ids: ReadonlySet<string>; isShort: boolean };

export const NOTHING: Selection = { isAll: false, ids: new Set(), isShort: false };
/** Records that can be selected one by one: their ids become a query. */
export const MOST = 500;

/** What is selected after somebody selected more. */
export function after(
  now: Selection,
  selecting: Selecting,
  idAt: (index: number) => string | undefined,
): Selection {
  if (selecting.kind === "none") return NOTHING;
  if (selecting.kind === "all") return { isAll: true, ids: new Set(), isShort: false };
  const ids = new Set(now.ids);
  let isShort = false;
  if (selecting.kind === "toggle") {
    const id = idAt(selecting.index);
    if (id === undefined) return now;
    // Taking one out of all would need a list of the others.
    if (now.isAll) return { isAll: false, ids: new Set([id]), isShort: false };
    if (!ids.delete(id)) ids.add(id);
  } else {
    const [from, to] = [Math.min(selecting.from, selecting.to), Math.max(selecting.from, selecting.to)];
    // No more rows than these are ever loaded.
    for (let index = Math.max(from, to - 2 * MOST); index <= to; index += 1) {
      const id = idAt(index);
      if (id === undefined) isShort = true;
      else ids.add(id);
    }
    isShort ||= to - from > 2 * MOST;
  }
  const kept = [...ids].slice(0, MOST);
  return { isAll: false, ids: new Set(kept), isShort: isShort || kept.length < ids.size };
}

export function useSelection() {
  const [selection, setSelection] = useState(NOTHING);
  const select = useCallback(
    (selecting: Selecting, idAt: (index: number) => string | undefined) =>
      setSelection((now) => after(now, selecting, idAt)),
    [],
  );
  return { selection, select };
}

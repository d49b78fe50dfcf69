// Pages of the trail by the number of their first row: those on screen, and their neighbours.
//
// At most four pages of 200 rows are ever kept; what is out of sight is asked for again, which the
// engine answers from the row's number at once. Not here: which key a row has (the engine).

import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { WireError } from "@/lib/bindings";
import type { Answer } from "@/lib/call";
import { question } from "@/lib/query";

/** Rows of a page: few enough that an answer stays below 256 kB. */
export const PAGE = 200;
/** Pages that are kept. */
export const MOST_PAGES = 4;
/** While somebody drags the bar, rows are asked for where they pause. */
const PAUSE_MS = 60;

type Pages<Row> = {
  /** Another function only where rows have changed. */
  rowAt: (index: number) => Row | undefined;
  onShown: (from: number, to: number) => void;
  error: WireError | null;
};

/** A page as both lists answer it. */
export type Page<Row> = { rows: readonly Row[]; next: string | null };
export type PageName = "trail.calls" | "trail.activities";
export type Order = "newest" | "oldest";

/** Pages that hold rows `from` to `to` (exclusive), and the nearest others: at most four. */
export function pagesFor(from: number, to: number, total: number): number[] {
  const last = Math.max(0, Math.ceil(total / PAGE) - 1);
  const first = Math.min(last, Math.floor(from / PAGE));
  const end = Math.min(last, Math.floor(Math.max(from, to - 1) / PAGE));
  const seen = Array.from({ length: end - first + 1 }, (_, at) => first + at).slice(0, MOST_PAGES);
  // The side that is nearer to being seen is asked for first.
  const isLow = (from % PAGE) * 2 < PAGE;
  const around = isLow ? [first - 1, end + 1] : [end + 1, first - 1];
  const neighbours = around.filter((page) => page >= 0 && page <= last);
  return [...seen, ...neighbours].slice(0, MOST_PAGES);
}

/** The rows of `query`, of which there are `total`. */
export function usePages<Name extends PageName, Row>(
  name: Name,
  query: string,
  total: number,
  order: Order,
  read: (answer: Answer<Name>) => Page<Row>,
): Pages<Row> {
  const [shown, setShown] = useState<readonly [number, number]>([0, 0]);
  const [settled, setSettled] = useState(shown);
  // The list is kept newest first; from the other end it is counted backwards.
  const isTurned = order === "oldest";
  const [from, to] = isTurned ? [Math.max(0, total - settled[1]), total - settled[0]] : settled;
  const wanted = pagesFor(from, to, total).join(",");
  const numbers = useMemo(() => wanted.split(",").map(Number), [wanted]);
  const answers = useQueries({
    queries: numbers.map((page) => ({
      ...question(name, { query, row: page * PAGE, limit: PAGE }),
      // A page that nobody looks at is let go at once.
      gcTime: 0,
    })),
    combine: useCallback(
      (results: readonly { data: Answer<Name> | undefined; error: WireError | null }[]) => ({
        pages: results.map((result) => result.data),
        error: results.find((result) => result.error)?.error ?? null,
      }),
      [],
    ),
  });

  const { pages, error } = answers;
  const rowAt = useMemo(() => {
    const rows = new Map<number, readonly Row[]>();
    numbers.forEach((page, at) => {
      const data = pages[at];
      if (data !== undefined) rows.set(page, read(data).rows);
    });
    return (index: number) => {
      const row = isTurned ? total - 1 - index : index;
      return rows.get(Math.floor(row / PAGE))?.[row % PAGE];
    };
  }, [numbers, pages, read, isTurned, total]);

  // Rows next to those that are known are asked for at once, others after a pause.
  useEffect(() => {
    if (shown === settled) return;
    const isNear = Math.abs(shown[0] - settled[0]) <= PAGE;
    if (isNear) {
      setSettled(shown);
      return;
    }
    const timer = setTimeout(() => setSettled(shown), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [shown, settled]);

  const onShown = useCallback((from: number, to: number) => {
    setShown((now) => {
      const isSame =
        pagesFor(from, to, Number.MAX_SAFE_INTEGER).join() ===
        pagesFor(...now, Number.MAX_SAFE_INTEGER).join();
      return isSame && now[1] > 0 ? now : [from, to];
    });
  }, []);

  return { rowAt, onShown, error };
}

// Where rows stand in a grid that may have more of them than an element can be high.
//
// WebKitGTK clamps an element's height at 33,554,428 px and scroll positions to floats, so the
// content is at most 10,000,000 px high, and the bar stands for the position in rows.

export const ROW_PX = 28;
export const HEAD_PX = 30;
/** Room for the sign that a row is selected. */
export const MARK_PX = 28;
const MOST_PX = 10_000_000;
/** Rows are placed from the nearest multiple of so many, so that most stay where they are put. */
const BASE = 1_000;

/** Where things are, from the height of the viewport and the number of rows. */
export function geometry(
  total: number,
  viewPx: number,
): { contentPx: number; virtualPx: number; isScaled: boolean } {
  const virtualPx = total * ROW_PX;
  const contentPx = Math.max(Math.min(virtualPx, MOST_PX), viewPx);
  return { contentPx, virtualPx, isScaled: virtualPx > MOST_PX };
}

/** The rows that are drawn at a position: always as many, so that each keeps its place in the pool. */
export function drawn(total: number, viewPx: number, top: number) {
  const pool = Math.min(total, Math.ceil(viewPx / ROW_PX) + 1);
  const from = Math.min(Math.floor(top / ROW_PX), Math.max(0, total - pool));
  return {
    pool,
    from,
    /** Rows that can be seen: from, to (exclusive). */
    seen: [Math.floor(top / ROW_PX), Math.min(total, Math.ceil((top + viewPx) / ROW_PX))] as const,
    basePx: Math.floor(from / BASE) * BASE * ROW_PX,
  };
}

/** Widths as CSS has them; the last column takes what is left. */
export function template(widths: readonly number[]): string {
  const last = widths.length - 1;
  return [
    `${MARK_PX}px`,
    ...widths.map((width, at) => (at === last ? `minmax(${width}px, 1fr)` : `${width}px`)),
  ].join(" ");
}

// A long text in pieces, so that marks are drawn where somebody looks and the rest is plain text.
//
// In: the segments of a field. Out: rows, which end where a line of the text ends, and the pieces of each:
// one, unless its one line is very long. Both sides of a preview are cut at the same places.

import type { PreviewField, PreviewSegment } from "@/lib/bindings";

export type TextPiece = {
  /** One of its kind on the screen. */
  key: string;
  segments: readonly PreviewSegment[];
  /** The number of its first entity, and how many there are. */
  first: number;
  found: number;
};
export type TextRow = { key: string; pieces: readonly TextPiece[]; lines: number };

/** Lines of a row, and entities or segments of a piece. */
const LINES = 16;
const SEGMENTS = 120;

export const isFound = (segment: PreviewSegment) => segment.entity_type !== null;

/** A piece of a text in which nothing is found. */
export const plainSegment = (text: string): PreviewSegment => ({
  before: text,
  after: text,
  entity_type: null,
  category: null,
  score: null,
  recognizer: null,
  operator: null,
  why: [],
});
const EMPTY = plainSegment("\n");

/** The rows of the field at `place`, whose first entity has the number `first`. */
export function rowsOf(field: PreviewField, place: number, first: number): TextRow[] {
  const rows: TextRow[] = [];
  let pieces: TextPiece[] = [];
  let segments: PreviewSegment[] = [];
  let [lines, next, inRow] = [1, first, 0];
  const endPiece = () => {
    if (segments.length === 0) return;
    const found = segments.filter(isFound).length;
    pieces.push({ key: `${place}.${rows.length}.${pieces.length}`, segments, first: next, found });
    next += found;
    segments = [];
    inRow = 0;
  };
  const endRow = () => {
    endPiece();
    rows.push({ key: `${place}.${rows.length}`, pieces, lines });
    pieces = [];
    lines = 1;
  };
  for (const segment of field.segments) {
    if (inRow >= SEGMENTS) endPiece();
    inRow += 1;
    if (isFound(segment)) {
      segments.push(segment);
      continue;
    }
    let rest = segment.before;
    for (let at = rest.indexOf("\n"); at >= 0; at = rest.indexOf("\n", at)) {
      lines += 1;
      at += 1;
      // The end of a line is not in the row: the next row begins a line of its own.
      if (lines > LINES || (pieces.length > 0 && lines > 1)) {
        const text = rest.slice(0, at - 1);
        if (text !== "") segments.push({ ...segment, before: text, after: text });
        rest = rest.slice(at);
        at = 0;
        // A line break at the end of a block is not drawn: an empty last line needs one of its own.
        const last = segments.at(-1) ?? pieces.at(-1)?.segments.at(-1);
        if (last === undefined || (!isFound(last) && last.before.endsWith("\n"))) segments.push(EMPTY);
        endRow();
      }
    }
    if (rest !== "") segments.push({ ...segment, before: rest, after: rest });
  }
  if (segments.length > 0 || pieces.length > 0 || rows.length === 0) endRow();
  return rows;
}

import { expect, test } from "vitest";
import { plainSegment, rowsOf } from "@/features/redaction/blocks";
import type { PreviewField } from "@/lib/bindings";
import { segment } from "../../../tests/fake-lab";

const field = (segments: PreviewField["segments"]): PreviewField => ({
  field: null,
  label: null,
  path: null,
  turn: null,
  segments,
});

/** What stands on a side: rows are lines of their own. */
const text = (rows: ReturnType<typeof rowsOf>, side: "before" | "after") =>
  rows
    .map(({ pieces }) =>
      pieces
        .flatMap((piece) => piece.segments.map((one) => one[side]))
        .join("")
        // What a page does with a line break at the end of a block.
        .replace(/\n$/, ""),
    )
    .join("\n");

test("rows end where lines end, on both sides alike, and nothing is lost", () => {
  const segments = Array.from({ length: 100 }, (_, row) => [
    plainSegment(row % 7 === 0 ? "\n\n\nname: " : "name: "),
    segment({ before: `ann${row}@example.com`, after: `[EMAIL_ADDRESS_${row}]` }),
    plainSegment("\nlast\n"),
  ]).flat();
  const rows = rowsOf(field([...segments, plainSegment("end")]), 0, 5);
  expect(rows.length).toBeGreaterThan(10);
  expect(Math.max(...rows.map(({ lines }) => lines))).toBeLessThanOrEqual(17);
  const whole = (side: "before" | "after") => segments.map((one) => one[side]).join("");
  expect(text(rows, "before")).toBe(`${whole("before")}end`);
  expect(text(rows, "after")).toBe(`${whole("after")}end`);
  const pieces = rows.flatMap((row) => row.pieces);
  let next = 5;
  for (const piece of pieces) {
    expect(piece.first).toBe(next);
    next += piece.found;
  }
  expect(next).toBe(105);
  expect(new Set(pieces.map(({ key }) => key)).size).toBe(pieces.length);
});

test("one long line is one row in pieces, and a short text is one piece", () => {
  const segments = Array.from({ length: 500 }, () => [plainSegment("a "), segment()]).flat();
  const [row, ...others] = rowsOf(field(segments), 0, 1);
  expect(others).toEqual([]);
  expect(row?.pieces.length).toBeGreaterThan(5);
  expect(row?.lines).toBe(1);
  expect(rowsOf(field([plainSegment("a\nb")]), 0, 1)).toHaveLength(1);
  expect(rowsOf(field([]), 0, 1)).toHaveLength(1);
});

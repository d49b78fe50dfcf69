import { expect, test } from "vitest";
import { moved, namesOf, ofView, placed, STANDARD } from "@/features/trail/layout";
import { after, MOST, NOTHING } from "@/features/trail/useSelection";

const column = (id: string, isExtra = false) => ({ id, title: id, width: 100, isExtra, cell: () => id });
const ALL = [column("a"), column("b"), column("c"), column("x", true)];
const shown = (layout: typeof STANDARD) =>
  placed(ALL, layout)
    .filter(({ isShown }) => isShown)
    .map(({ column }) => column.id)
    .join("");

test("columns are moved among those that are shown, and keep their place when others are hidden", () => {
  expect(shown(STANDARD)).toBe("abc");
  expect(shown(moved(ALL, STANDARD, "a", 2))).toBe("bca");
  expect(shown(moved(ALL, STANDARD, "c", 0))).toBe("cab");
  const hidden = { ...moved(ALL, STANDARD, "c", 0), shown: { a: false, x: true } };
  expect(shown(hidden)).toBe("cbx");
  expect(shown(moved(ALL, hidden, "x", 0))).toBe("xcb");
  expect(moved(ALL, hidden, "nothing", 0)).toBe(hidden);
});

test("what an older version kept of a column that is gone is left out, and a new one is shown", () => {
  const kept = { order: ["gone", "b"], shown: { gone: true }, widths: { b: 200, gone: 9 } };
  expect(shown(kept)).toBe("bac");
  expect(placed(ALL, kept)[0]?.column.width).toBe(200);
});

test("a view's columns are those that it names, with their widths, and are named the same again", () => {
  const layout = ofView(ALL, ["x:150", "gone:90", "b"]);
  expect(shown(layout)).toBe("xb");
  const columns = placed(ALL, layout).flatMap(({ column, isShown }) => (isShown ? [column] : []));
  expect(namesOf(columns)).toEqual(["x:150", "b:100"]);
  expect(ofView(ALL, namesOf(columns)).order).toEqual(layout.order);
});

test("some rows, a range of those that are loaded, or all that match are selected", () => {
  const idAt = (index: number) => (index < 2_000 ? `r${index}` : undefined);
  const one = after(NOTHING, { kind: "toggle", index: 3 }, idAt);
  expect([...one.ids]).toEqual(["r3"]);
  expect(after(one, { kind: "toggle", index: 3 }, idAt).ids.size).toBe(0);
  const range = after(one, { kind: "range", from: 6, to: 4 }, idAt);
  expect([...range.ids]).toEqual(["r3", "r4", "r5", "r6"]);
  expect(range.isShort).toBe(false);
  const over = after(one, { kind: "range", from: 1_990, to: 2_010 }, idAt);
  expect([over.ids.size, over.isShort]).toEqual([11, true]);
  const many = after(one, { kind: "range", from: 0, to: 1_500 }, idAt);
  expect([many.ids.size, many.isShort]).toEqual([MOST, true]);
  const all = after(range, { kind: "all" }, idAt);
  expect([all.isAll, all.ids.size]).toEqual([true, 0]);
  expect(after(all, { kind: "none" }, idAt)).toBe(NOTHING);
});

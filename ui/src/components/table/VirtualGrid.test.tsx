import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { geometry } from "@/components/table/geometry";
import { type Selecting, VirtualGrid } from "@/components/table/VirtualGrid";

const HEIGHT = 590;
const MANY = 5_000_000;
type Row = { id: string };

beforeEach(() => {
  // jsdom lays nothing out.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(HEIGHT);
});

const counting = { cell: (row: Row): string => row.id };
const COUNTING = [{ id: "id", title: "Id", width: 100, cell: (row: Row) => counting.cell(row) }];

function show(total: number, rowAt: (index: number) => Row | undefined = (index) => ({ id: `r${index}` })) {
  const opened: string[] = [];
  const shown: [number, number][] = [];
  const selected: Selecting[] = [];
  const asked: string[] = [];
  const onOpened = (row: Row) => opened.push(row.id);
  const onShown = (from: number, to: number) => shown.push([from, to]);
  const grid = (openKey?: string) => (
    <VirtualGrid
      label="Rows"
      columns={[
        { id: "id", title: "Id", width: 100, cell: (row: Row) => row.id },
        { id: "more", title: "More", width: 100, cell: () => "more" },
      ]}
      total={total}
      rowAt={rowAt}
      rowKey={(row) => row.id}
      openKey={openKey}
      onOpened={onOpened}
      onShown={onShown}
      onSelected={(selecting) => selected.push(selecting)}
      onGoTo={() => asked.push("row")}
    />
  );
  const view = render(grid());
  return {
    opened,
    shown,
    selected,
    asked,
    reopen: (key: string) => view.rerender(grid(key)),
    user: userEvent.setup(),
  };
}

const drawn = () => screen.getAllByRole("row").slice(1);
const active = () =>
  document.getElementById(screen.getByRole("grid").getAttribute("aria-activedescendant") ?? "");

/** Where an element is moved to. */
const y = (element: HTMLElement | null | undefined) =>
  Number(/-?[\d.]+/.exec(element?.style.transform ?? "")?.[0]);

test.for([
  [0, false],
  [20, false],
  [357_142, false],
  [357_143, true],
  [MANY, true],
] as const)("%s rows stand in content that every browser can hold", ([total, isScaled]) => {
  const found = geometry(total, 560);
  expect(found.isScaled).toBe(isScaled);
  expect(found.contentPx).toBeLessThanOrEqual(10_000_000);
  expect(found.contentPx).toBeGreaterThanOrEqual(560);
});

test("the first and the last of five million rows are reached by keys, a screenful at a time", async () => {
  const { user, shown } = show(MANY);
  const grid = screen.getByRole("grid");
  expect(grid).toHaveAttribute("aria-rowcount", String(MANY + 1));
  grid.focus();
  await user.keyboard("{End}");
  expect(active()).toHaveTextContent(`r${MANY - 1}`);
  expect(active()).toHaveAttribute("aria-rowindex", String(MANY + 1));
  expect(shown.at(-1)).toEqual([MANY - 20, MANY]);
  // The last row is the last that is seen, not below the edge.
  expect(y(active()) + y(active()?.parentElement)).toBeCloseTo(560 - 28, 3);
  await user.keyboard("{ArrowUp}{k}{ArrowDown}{j}{j}{j}");
  expect(active()).toHaveTextContent(`r${MANY - 1}`);
  expect(drawn().length).toBeLessThanOrEqual(22);
  await user.keyboard("{PageUp}");
  expect(active()).toHaveTextContent(`r${MANY - 20}`);
  await user.keyboard("{Home}{k}");
  expect(active()).toHaveTextContent("r0");
  expect(drawn().length).toBeLessThanOrEqual(22);
});

test("a scroll bar that stands for five million rows reaches both ends, and a wheel moves by its pixels", () => {
  const { shown } = show(MANY);
  const grid = screen.getByRole("grid");
  grid.scrollTop = 10_000_000 - 560;
  fireEvent.scroll(grid);
  expect(shown.at(-1)).toEqual([MANY - 20, MANY]);
  fireEvent.wheel(grid, { deltaY: -280 });
  expect(shown.at(-1)).toEqual([MANY - 30, MANY - 10]);
  // Our own move comes back rounded and must not move again.
  fireEvent.scroll(grid);
  expect(shown.at(-1)).toEqual([MANY - 30, MANY - 10]);
  grid.scrollTop = 0;
  fireEvent.scroll(grid);
  expect(shown.at(-1)).toEqual([0, 20]);
});

test("Enter and a click open a row; once one is open, moving opens the next", async () => {
  const { user, opened, reopen } = show(50);
  screen.getByRole("grid").focus();
  await user.keyboard("jj");
  expect(opened).toEqual([]);
  await user.keyboard("{Enter}");
  expect(opened).toEqual(["r2"]);
  reopen("r2");
  expect(screen.getByRole("row", { current: true })).toHaveTextContent("r2");
  await user.keyboard("j");
  await user.click(screen.getByText("r7"));
  expect(opened).toEqual(["r2", "r3", "r7"]);
});

test("a row that is not loaded yet says so, and opens nothing", async () => {
  const { user, opened } = show(50, () => undefined);
  expect(screen.getAllByText("Loading…").length).toBe(21);
  screen.getByRole("grid").focus();
  await user.keyboard("{Enter}");
  await user.click(drawn()[3] as HTMLElement);
  expect(opened).toEqual([]);
});

test("keys with Ctrl are the browser's", async () => {
  const { user } = show(50);
  screen.getByRole("grid").focus();
  await user.keyboard("{Control>}j{/Control}");
  expect(active()).toHaveTextContent("r0");
});

test("rows are selected by Space, Shift and Ctrl A, and a row is asked for by Ctrl G", async () => {
  const { user, selected, asked } = show(MANY);
  screen.getByRole("grid").focus();
  await user.keyboard("jj j");
  await user.keyboard("{Shift>} {/Shift}");
  await user.keyboard("{Shift>}{ArrowDown}{/Shift}");
  await user.keyboard("{Control>}a{/Control}{Control>}g{/Control}{Escape}");
  expect(selected).toEqual([
    { kind: "toggle", index: 2 },
    { kind: "range", from: 3, to: 3 },
    { kind: "range", from: 3, to: 4 },
    { kind: "all" },
    { kind: "none" },
  ]);
  expect(asked).toEqual(["row"]);
});

test("a click on the mark selects and does not open; with Shift all between are", async () => {
  const { user, selected, opened } = show(50);
  const marks = screen.getAllByRole("gridcell", { name: "not selected" });
  await user.click(marks[2] as HTMLElement);
  await user.keyboard("{Shift>}");
  await user.click(marks[5] as HTMLElement);
  await user.keyboard("{/Shift}");
  expect(selected).toEqual([
    { kind: "toggle", index: 2 },
    { kind: "range", from: 2, to: 5 },
  ]);
  expect(opened).toEqual([]);
});

test("the focus stays on the active row, whichever element of the pool it comes to be", async () => {
  const { user } = show(MANY);
  const grid = screen.getByRole("grid");
  grid.focus();
  await user.keyboard("jjj");
  fireEvent.wheel(grid, { deltaY: 28_000 });
  // Out of sight, and not another row's.
  expect(active()).toBeNull();
  expect(document.activeElement).toBe(grid);
  await user.keyboard("j");
  expect(active()).toHaveTextContent("r4");
  await user.keyboard("{Control>}{End}{/Control}");
  expect(active()).toHaveAttribute("aria-rowindex", String(MANY + 1));
  await user.keyboard("{Control>}{Home}{/Control}");
  expect(active()).toHaveAttribute("aria-rowindex", "2");
});

test("whoever rushes by sees row numbers, and the rows are asked for where they slow down", async () => {
  const { shown } = show(MANY);
  const grid = screen.getByRole("grid");
  const before = shown.length;
  // All at one time, however slow the machine is.
  const clock = vi.spyOn(performance, "now").mockReturnValue(1_000);
  for (let step = 1; step <= 8; step += 1) {
    grid.scrollTop = step * 1_000_000;
    fireEvent.scroll(grid);
  }
  clock.mockRestore();
  expect(drawn()[3]).toHaveTextContent(/^Row [\d,]+$/);
  // The first moves might have been single ones.
  expect(shown.length - before).toBeLessThan(8);
  await waitFor(() => expect(shown.at(-1)?.[0]).toBeGreaterThan(3_900_000));
  await waitFor(() => expect(drawn()[3]).toHaveTextContent(/^r\d+more$/));
});

test("scrolling draws the rows that come and leaves the others as they are, also when pages come", () => {
  let drawnCells = 0;
  const known = new Map<number, Row>();
  const rowAt = (index: number) => {
    const row = known.get(index) ?? { id: `r${index}` };
    known.set(index, row);
    return row;
  };
  const grid = (rowAt: (index: number) => Row) => (
    <VirtualGrid
      label="Rows"
      columns={COUNTING}
      total={MANY}
      rowAt={rowAt}
      rowKey={(row) => row.id}
      openKey={undefined}
      onOpened={() => undefined}
      onShown={() => undefined}
    />
  );
  const view = render(grid(rowAt));
  function count(row: Row) {
    drawnCells += 1;
    return row.id;
  }
  counting.cell = count;
  fireEvent.wheel(screen.getByRole("grid"), { deltaY: 84 });
  expect(drawnCells).toBe(3);
  // A page came that holds none of these.
  view.rerender(grid((index) => rowAt(index)));
  expect(drawnCells).toBe(3);
});

test("Enter on a row that still loads opens it when it is there, once", async () => {
  let isThere = false;
  const { opened, reopen, user } = show(20, (index) => (isThere ? { id: `r${index}` } : undefined));
  screen.getByRole("grid").focus();
  await user.keyboard("j{Enter}");
  expect(opened).toEqual([]);
  isThere = true;
  reopen("none");
  expect(opened).toEqual(["r1"]);
});

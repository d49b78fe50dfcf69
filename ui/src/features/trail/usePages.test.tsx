import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { MOST_PAGES, PAGE, pagesFor, usePages } from "@/features/trail/usePages";
import type { CallPage } from "@/lib/bindings";
import { setHost } from "@/lib/host";
import { client } from "@/lib/query";
import { type FakeHost, fakeHost, wireError } from "../../../tests/fakeHost";
import { callRow } from "../../../tests/records";

const read = (page: CallPage) => ({ rows: page.calls, next: page.next });

/** A trail of `total` calls, `c0`, `c1`, …; the page that begins with the row `broken` can't be read. */
function show(
  total: number,
  broken?: number,
): { host: FakeHost; result: { current: ReturnType<typeof pages> } } {
  const host = fakeHost({
    "trail.calls": ({ row = 0, limit = 100 }) => {
      if (row === broken) return wireError("store_damaged", "a page can't be read");
      const length = Math.min(limit, total - row);
      return {
        calls: Array.from({ length }, (_, index) => callRow({ id: `c${row + index}` })),
        next: null,
      };
    },
  });
  setHost(host);
  const { result } = renderHook(() => pages(total), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  return { host, result };
}

const pages = (total: number) => usePages("trail.calls", "", total, "newest", read);
const asked = (host: FakeHost) => host.asked.map(({ input }) => (input as { row: number }).row);
const kept = () => client.getQueryCache().findAll({ queryKey: ["trail.calls"] });

beforeEach(() => client.clear());

test.for([
  [0, 20, 10_000, [0, 1]],
  [150, 170, 10_000, [0, 1]],
  [190, 210, 10_000, [0, 1, 2]],
  [410, 430, 10_000, [2, 1, 3]],
  [9_980, 10_000, 10_000, [49, 48]],
  [0, 20, 20, [0]],
  [0, 0, 0, [0]],
  [0, 5_000, 10_000, [0, 1, 2, 3]],
] as const)("rows %s to %s of %s lie in few pages", ([from, to, total, expected]) => {
  expect(pagesFor(from, to, total)).toEqual(expected);
});

test("far ahead nothing between is read, and never more than four pages are kept", async () => {
  const { host, result } = show(5_000_000);
  await waitFor(() => expect(result.current.rowAt(0)?.id).toBe("c0"));
  for (const at of [4_999_980, 2_500_000, 1_234_567, 400]) {
    act(() => result.current.onShown(at, at + 20));
    await waitFor(() => expect(result.current.rowAt(at + 19)?.id).toBe(`c${at + 19}`));
    await waitFor(() => expect(kept().length).toBeLessThanOrEqual(MOST_PAGES));
    expect(result.current.rowAt(at - 1_000)).toBeUndefined();
  }
  expect(new Set(asked(host)).size).toBeLessThanOrEqual(13);
});

test("rows over the edge of a page ask for the next, and what was read is not asked for again", async () => {
  const { host, result } = show(1_000);
  await waitFor(() => expect(result.current.rowAt(0)).toBeDefined());
  act(() => result.current.onShown(190, 210));
  await waitFor(() => expect(result.current.rowAt(209)?.id).toBe("c209"));
  expect(result.current.rowAt(190)?.id).toBe("c190");
  await waitFor(() => expect(asked(host)).toEqual([0, 200, 400]));
});

test("a drag over many pages asks for where it pauses", async () => {
  const { host, result } = show(5_000_000);
  await waitFor(() => expect(result.current.rowAt(0)).toBeDefined());
  for (let at = 100_000; at <= 4_000_000; at += 100_000) act(() => result.current.onShown(at, at + 20));
  await waitFor(() => expect(result.current.rowAt(4_000_000)?.id).toBe("c4000000"));
  expect(asked(host).filter((row) => row > 1_000 && row < 3_900_000)).toEqual([]);
});

test.for([
  ["on screen", 210],
  ["far away", 900],
] as const)("an error %s is told", async ([, to]) => {
  const { result } = show(1_000, Math.floor((to - 1) / PAGE) * PAGE);
  await waitFor(() => expect(result.current.rowAt(0)).toBeDefined());
  act(() => result.current.onShown(to - 20, to));
  await waitFor(() => expect(result.current.error?.code).toBe("store_damaged"));
});

test("oldest first the rows are the same from the other end", async () => {
  show(1_001);
  const { result } = renderHook(() => usePages("trail.calls", "", 1_001, "oldest", read), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  act(() => result.current.onShown(0, 20));
  await waitFor(() => expect(result.current.rowAt(0)?.id).toBe("c1000"));
  expect(result.current.rowAt(19)?.id).toBe("c981");
  act(() => result.current.onShown(981, 1_001));
  await waitFor(() => expect(result.current.rowAt(1_000)?.id).toBe("c0"));
});

test("a trail that has grown is read anew, and no row falls between two pages", async () => {
  let added = 0;
  const host = fakeHost({
    "trail.calls": ({ row = 0, limit = 100 }) => ({
      calls: Array.from({ length: limit }, (_, index) => callRow({ id: `c${row + index - added}` })),
      next: null,
    }),
  });
  setHost(host);
  const { result } = renderHook(() => pages(1_000), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  act(() => result.current.onShown(190, 210));
  await waitFor(() => expect(result.current.rowAt(209)?.id).toBe("c209"));
  added = 3;
  act(() => void client.invalidateQueries());
  await waitFor(() => expect(result.current.rowAt(209)?.id).toBe("c206"));
  await waitFor(() =>
    expect([199, 200].map((index) => result.current.rowAt(index)?.id)).toEqual(["c196", "c197"]),
  );
});

import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { usePages } from "@/features/trail/usePages";
import type { CallPage } from "@/lib/bindings";
import { setHost } from "@/lib/host";
import { client } from "@/lib/query";
import { type FakeHost, fakeHost, wireError } from "../../../tests/fakeHost";
import { callRow } from "../../../tests/records";

const PAGE = 200;
const read = (page: CallPage) => ({ rows: page.calls, next: page.next });

/** A trail of `total` calls, `c0`, `c1`, …; page `broken` can't be read. */
function show(
  total: number,
  broken?: number,
): { host: FakeHost; result: { current: ReturnType<typeof pages> } } {
  const host = fakeHost({
    "trail.calls": ({ after }) => {
      const page = after === undefined ? 0 : Number(after.replace("page-", ""));
      if (page === broken) return wireError("store_damaged", "a page can't be read");
      const start = page * PAGE;
      const length = Math.min(PAGE, total - start);
      return {
        calls: Array.from({ length }, (_, index) => callRow({ id: `c${start + index}` })),
        next: start + PAGE < total ? `page-${page + 1}` : null,
      };
    },
  });
  setHost(host);
  const { result } = renderHook(pages, {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  return { host, result };
}

const pages = () => usePages("trail.calls", "", "", read);
const cursors = (host: FakeHost) =>
  host.asked.map(({ input }) => (input as { after?: string }).after ?? "first");

beforeEach(() => client.clear());

test("the first page is asked for by itself, once", async () => {
  const { host, result } = show(1000);
  await waitFor(() => expect(result.current.rowAt(0)?.id).toBe("c0"));
  act(() => result.current.onShown(0, 20));
  act(() => result.current.onShown(5, 25));
  expect(result.current.rowAt(199)?.id).toBe("c199");
  expect(result.current.rowAt(200)).toBeUndefined();
  expect(cursors(host)).toEqual(["first"]);
});

test("rows over the edge of a page ask for the next with its cursor", async () => {
  const { host, result } = show(1000);
  await waitFor(() => expect(result.current.rowAt(0)).toBeDefined());
  act(() => result.current.onShown(190, 210));
  await waitFor(() => expect(result.current.rowAt(209)?.id).toBe("c209"));
  expect(result.current.rowAt(190)?.id).toBe("c190");
  expect(cursors(host)).toEqual(["first", "page-1"]);
});

test("far ahead the pages between are read once each, and only what is on screen is kept", async () => {
  const { host, result } = show(2000);
  await waitFor(() => expect(result.current.rowAt(0)).toBeDefined());
  act(() => result.current.onShown(1980, 2000));
  await waitFor(() => expect(result.current.rowAt(1999)?.id).toBe("c1999"));
  expect(cursors(host)).toEqual(["first", ...Array.from({ length: 9 }, (_, page) => `page-${page + 1}`)]);
  expect(result.current.rowAt(1000)).toBeUndefined();
  act(() => result.current.onShown(1000, 1020));
  await waitFor(() => expect(result.current.rowAt(1000)?.id).toBe("c1000"));
});

test("whoever turns back before the end was reached sees rows at once", async () => {
  const { result } = show(100_000);
  await waitFor(() => expect(result.current.rowAt(0)).toBeDefined());
  act(() => result.current.onShown(99_980, 100_000));
  act(() => result.current.onShown(0, 20));
  expect(result.current.rowAt(0)?.id).toBe("c0");
  await waitFor(() => expect(client.isFetching()).toBe(0));
  expect(result.current.error).toBeNull();
});

test.for([
  ["on screen", 210],
  ["on the way", 900],
] as const)("an error %s is told", async ([, to]) => {
  const { result } = show(1000, 1);
  await waitFor(() => expect(result.current.rowAt(0)).toBeDefined());
  act(() => result.current.onShown(to - 20, to));
  await waitFor(() => expect(result.current.error?.code).toBe("store_damaged"));
});

test("a trail that has grown is paged anew, and no row falls between two pages", async () => {
  let added = 0;
  const host = fakeHost({
    // Cursors name the call that they stand after, as the engine's do.
    "trail.calls": ({ after }) => {
      const start = after === undefined ? -added : Number(after);
      const rows = Array.from({ length: PAGE }, (_, index) => callRow({ id: `c${start + index}` }));
      return { calls: rows, next: String(start + PAGE) };
    },
  });
  setHost(host);
  const { result, rerender } = renderHook(({ generation }) => usePages("trail.calls", "", generation, read), {
    initialProps: { generation: "before" },
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  act(() => result.current.onShown(190, 210));
  await waitFor(() => expect(result.current.rowAt(209)?.id).toBe("c209"));
  added = 3;
  // As it happens: the engine tells that the trail changed, then the new count makes a generation.
  act(() => void client.invalidateQueries());
  rerender({ generation: "after" });
  await waitFor(() => expect(result.current.rowAt(209)?.id).toBe("c206"));
  expect([199, 200].map((index) => result.current.rowAt(index)?.id)).toEqual(["c196", "c197"]);
});

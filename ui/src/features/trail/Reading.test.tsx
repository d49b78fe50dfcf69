import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ReadingItem, SampleDetail, SampleResults } from "@/lib/bindings";
import { fill } from "../../../tests/fill";
import { callDetail, maskedPart } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const DETAIL: SampleDetail = {
  sample: {
    sample: 3,
    query: "kind:bedrock",
    seed: 42,
    items: 3,
    population: 120,
    by: ["deployment"],
    allocation: "proportional",
    tree_size: 400,
    root: "00",
    checkpoint: null,
    leaf: 400,
    drawn_by: "ann",
    drawn_at: "2026-11-23T12:00:00.000Z",
    readers_wanted: 2,
    readers: [],
    closed_by: null,
    closed_at: null,
    results_shown: false,
  },
  strata: [
    { values: ["claims"], population: 80, items: 2 },
    { values: [null], population: 40, items: 1 },
  ],
  calls: ["a", "b", "c"],
  weakness: "Two names do not prove two people.",
};

function item(change: Partial<ReadingItem>): ReadingItem {
  return {
    sample: 3,
    reader: "Bo",
    position: 1,
    items: 3,
    read: 0,
    erased: 0,
    next_unread: 1,
    last_judged: null,
    judgement: null,
    note: null,
    has_finished: false,
    call: callDetail({ request: [maskedPart()] }),
    ...change,
  };
}

/** A sample whose items are judged as the engine would. */
async function reading() {
  const judged = new Map<number, string>();
  let last: number | null = null;
  let changed = () => {};
  const at = (position: number | undefined): ReadingItem => {
    const unread = [1, 2, 3].find((one) => !judged.has(one)) ?? null;
    const shown = position ?? unread ?? 1;
    return item({
      position: shown,
      read: judged.size,
      next_unread: unread,
      last_judged: last,
      judgement: judged.get(shown) ?? null,
    });
  };
  const shown = await renderAt("/trail/samples/3", {
    "trail.sample": DETAIL,
    "trail.join_sample": DETAIL,
    "trail.read_item": ({ position }) => at(position),
    "trail.judge_item": ({ position, judgement }) => {
      if (judgement === undefined) judged.delete(position);
      else judged.set(position, judgement);
      last = judgement === undefined ? null : position;
      queueMicrotask(changed);
      return at(position);
    },
    "trail.finish_reading": DETAIL,
  });
  changed = () => shown.host.tell({ type: "changed", tags: ["readings"] });
  await shown.user.type(await screen.findByRole("textbox", { name: "Your name as a reader" }), "Bo{Enter}");
  await screen.findByText(/Item 1 of 3: not judged/);
  return shown;
}

test("keys judge, go on to what is unread, take back and move", async () => {
  const { user, host } = await reading();
  await user.keyboard("1");
  await screen.findByText(/Item 2 of 3: not judged\. 1 of 3 read/);
  await user.keyboard("2");
  await screen.findByText(/Item 3 of 3: not judged\. 2 of 3 read/);
  await user.keyboard("u");
  await screen.findByText(/Item 2 of 3: not judged\. 1 of 3 read/);
  await user.keyboard("k");
  await screen.findByText(/Item 1 of 3: fine/);
  await user.keyboard("j");
  await screen.findByText(/Item 2 of 3: not judged/);
  await user.keyboard("3");
  await screen.findByText(/Item 3 of 3: not judged\. 2 of 3 read/);
  await user.keyboard("2");
  await screen.findByText(/Everything that can be read is judged/);
  await user.click(screen.getByRole("button", { name: "Finish" }));
  await waitFor(() =>
    expect(host.asked).toContainEqual({ name: "trail.finish_reading", input: { sample: 3, reader: "Bo" } }),
  );
  expect(host.asked.filter((one) => one.name === "trail.sample_results")).toEqual([]);
});

test("a note goes with the judgement, and what is typed judges nothing", async () => {
  const { user, host } = await reading();
  await fill(user, screen.getByRole("textbox", { name: "A note with the judgement" }), "2 names, 1 number");
  expect(host.asked.filter((one) => one.name === "trail.judge_item")).toEqual([]);
  await user.click(screen.getByRole("button", { name: /Problem/ }));
  await waitFor(() =>
    expect(host.asked).toContainEqual({
      name: "trail.judge_item",
      input: { sample: 3, reader: "Bo", position: 1, judgement: "problem", note: "2 names, 1 number" },
    }),
  );
});

test("before reading has ended results are asked of nobody and said to be withheld", async () => {
  const { host, container } = await renderAt("/trail/samples/3", { "trail.sample": DETAIL });
  expect(await screen.findByText(/Withheld from everybody until 2 readers have finished/)).toBeVisible();
  expect(screen.getByText("not recorded")).toBeVisible();
  expect(host.asked.filter((one) => one.name === "trail.sample_results")).toEqual([]);
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("results say of how many, with intervals, and that few items don't judge agreement", async () => {
  const ended = { ...DETAIL.sample, results_shown: true };
  const share = { estimate: 1 / 3, low: 0.06, high: 0.79 };
  const results: SampleResults = {
    sample: ended,
    problems: [
      {
        by: "Bo",
        read: 3,
        items: 3,
        fine: 2,
        problem: 1,
        unsure: 0,
        of_read: share,
        of_population: share,
        not_covered: 0,
        strata: [],
      },
    ],
    agreement: {
      first: "Ann",
      second: "Bo",
      both_read: 3,
      agreed: 2,
      observed: { estimate: 2 / 3, low: 0.2, high: 0.94 },
      kappa: null,
      table: [
        [1, 1, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
      differ: [2],
      is_too_few: true,
      says: "They agree on 2 of the 3 items that both read, of 3 in the sample. Fewer than 30: too few to judge agreement by.",
    },
    method: "Intervals are at 95 %.",
    weakness: "Two names do not prove two people.",
  };
  const { container } = await renderAt("/trail/samples/3", {
    "trail.sample": { ...DETAIL, sample: ended },
    "trail.sample_results": results,
  });
  expect(await screen.findByText(/too few to judge agreement by/)).toBeVisible();
  expect(screen.getAllByText("33.3 % (6.0 to 79.0)")).toHaveLength(2);
  expect(screen.getByText("They differ on the items 2.")).toBeVisible();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a call of which no text is held is no fine one by that", async () => {
  const { user } = await renderAt("/trail/samples/3", {
    "trail.sample": DETAIL,
    "trail.join_sample": DETAIL,
    "trail.read_item": item({
      call: callDetail({ body_note: "The source never holds the text of a call." }),
    }),
  });
  await user.type(await screen.findByRole("textbox", { name: "Your name as a reader" }), "Bo{Enter}");
  expect(await screen.findByText(/There is no text to read/)).toBeVisible();
  expect(screen.queryByText(/by policy/)).toBeNull();
});

import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { CanaryBound, RecaptureBound, SampleBound, SampleRow } from "@/lib/bindings";
import { endedJob, policy } from "../../../tests/fake-lab";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const ANSWERS = {
  "redaction.policies": [policy()],
  "trail.count": { matching: 40, stored: 90 },
  "trail.samples": [],
};

const CANARIES: CanaryBound = {
  policy: "default",
  policy_version: "1",
  query: "",
  seed: 1,
  matched: 40,
  drawn: 40,
  hosts: 38,
  fared: { planted: 200, hidden: 180, partly: 5, through: 12, kept: 3 },
  by_type: [],
  by_writing: [{ name: "full_width", fared: { planted: 30, hidden: 28, partly: 0, through: 2, kept: 0 } }],
  by_field: [],
  leaks: [
    {
      entity_type: "US_SSN",
      writing: "spaced",
      fared: { planted: 4, hidden: 1, partly: 0, through: 3, kept: 0 },
    },
  ],
  says: "12 of 200 planted values came through.",
  limits: ["Exact for the values that were planted, and for nothing else."],
};

const RECAPTURE: RecaptureBound = {
  policy: "default",
  policy_version: "1",
  names_model: null,
  query: "",
  matched: 40,
  calls: 38,
  texts: 90,
  rows: [
    {
      what: "PERSON",
      first: "the patterns",
      second: "the model of names",
      by_first: 40,
      by_second: 90,
      by_both: 30,
      found: 100,
      total: { estimate: 119.3, low: 108, high: 140 },
      missed: { estimate: 19.3, low: 8, high: 40 },
      is_too_few: false,
      says: "",
    },
    {
      what: "LOCATION",
      first: "the patterns",
      second: "the model of names",
      by_first: 0,
      by_second: 9,
      by_both: 0,
      found: 9,
      total: { estimate: 9, low: 9, high: 300 },
      missed: { estimate: 0, low: 0, high: 291 },
      is_too_few: true,
      says: "",
    },
  ],
  limits: ["It holds where both looked independently."],
  elapsed_ms: 900,
};

const SAMPLE: SampleRow = {
  sample: 3,
  query: "",
  seed: 42,
  items: 60,
  population: 900,
  by: [],
  allocation: "proportional",
  tree_size: 1000,
  root: "00",
  checkpoint: null,
  leaf: 1000,
  drawn_by: "ann",
  drawn_at: "2026-11-01T08:00:00Z",
  readers_wanted: 1,
  readers: [],
  closed_by: null,
  closed_at: null,
  results_shown: true,
};

const BOUND: SampleBound = {
  sample: 3,
  query: "",
  population: 900,
  bounds: [
    {
      by: "ann",
      read: 60,
      items: 60,
      leaks: 0,
      unsure: 1,
      no_leak: 59,
      share: { estimate: 0, low: 0, high: 0.0871 },
      estimate_with_unsure: 0.0167,
      covered: 900,
      not_covered: 0,
      high_of_all: 0.0871,
      says: "Between 0 % and 8.71 % of the 900 calls leak, at 95 %.",
    },
  ],
  recapture: null,
  limits: ["A reader overlooks leaks too."],
};

test("canaries and two recognizers show counts with what they are of, and their limits", async () => {
  const { user, host, container } = await renderAt("/redaction?tab=bounds", {
    ...ANSWERS,
    "redaction.bound_canaries": { job: 7401 },
    "redaction.bound_recapture": { job: 7402 },
  });
  expect(await screen.findByText(/No sample was drawn yet/, {}, { timeout: 5_000 })).toBeVisible();
  await user.click(screen.getByRole("button", { name: /Plant under default/ }));
  expect(host.asked.find((one) => one.name === "redaction.bound_canaries")?.input).toEqual({
    query: "",
    policy: policy().reference,
    seed: 1,
    count: 2000,
    entity_types: [],
    writings: [],
  });
  host.tell({ type: "job", job: endedJob(7401, "redaction.bound_canaries", CANARIES) });
  const tiles = within(await screen.findByLabelText("Of 200 planted values"));
  expect(tiles.getByText("Came through").nextSibling).toHaveTextContent("12of 200 · 6.0 %");
  expect(screen.getByText(/and for nothing else/)).toBeVisible();
  expect(
    within(screen.getByRole("region", { name: "Planted values that came through" })).getByText("Spaced"),
  ).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Count what both find" }));
  host.tell({ type: "job", job: endedJob(7402, "redaction.bound_recapture", RECAPTURE) });
  const found = within(await screen.findByRole("region", { name: "Found by two recognizers" }));
  expect(found.getByText("19 (8 to 40)")).toBeVisible();
  expect(found.getByText("Too few to judge")).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a sample that was read says its share with the interval", async () => {
  await renderAt("/redaction?tab=bounds", {
    ...ANSWERS,
    "trail.samples": [SAMPLE],
    "redaction.bound_sample": BOUND,
  });
  expect(await screen.findByText("60 of 60", {}, { timeout: 5_000 })).toBeVisible();
  const rows = within(screen.getByRole("region", { name: "Share of calls that leak" }));
  expect(rows.getByText("0 % (0 % to 8.71 %)")).toBeVisible();
  expect(screen.getByText("A reader overlooks leaks too.")).toBeVisible();
});

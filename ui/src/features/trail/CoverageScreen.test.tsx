import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { BilledComparison, DayCell, Reconciliation, TokenCounts } from "@/lib/bindings";
import { wireError } from "../../../tests/fakeHost";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const DAYS = ["2026-10-04", "2026-10-05", "2026-10-06"];
const COUNT = { matching: 4, stored: 10 };

function cell(day: string, state: string, calls: number, elsewhere = 0): DayCell {
  return {
    day,
    state,
    calls,
    query: `source:cloudtrail started_at:${day}`,
    elsewhere,
    elsewhere_query: `deployment:claims -source:cloudtrail started_at:${day}`,
    signatures: state === "hole" ? ["missing_hours"] : [],
  };
}

const NOT_BILLED: BilledComparison = {
  usage_rows: 0,
  cost_rows: 0,
  models: [],
  lines: [],
  left_out: 0,
  uncovered_calls: 0,
  uncovered_query: null,
  other_costs: [],
  states: [],
  rules: [],
};

function tokens(all: number): TokenCounts {
  return {
    input_tokens: all,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    all,
  };
}

function found(change: Partial<Reconciliation> = {}): Reconciliation {
  const rule = (name: string) => ({ name, title: name, says: `What ${name} means.` });
  return {
    query: "",
    calls: 12,
    sources: [
      {
        source: "cloudtrail",
        title: "AWS CloudTrail",
        calls: 12,
        query: "source:cloudtrail",
        alone: 3,
        alone_query: "source:cloudtrail -source:litellm",
        records: 13,
        errors: 0,
        fields: [
          { field: "principal", told: 13, of: 13, lacking_query: "record:cloudtrail.no_principal" },
          { field: "served_region", told: 12, of: 13, lacking_query: "record:cloudtrail.no_served_region" },
          { field: "stop_reason", told: 0, of: 13, lacking_query: "record:cloudtrail.no_stop_reason" },
        ],
      },
    ],
    pairs: [],
    billed: NOT_BILLED,
    coverage: {
      days: DAYS,
      left_out: 0,
      without_time: 0,
      sources: [
        {
          source: "cloudtrail",
          title: "AWS CloudTrail",
          cells: [
            cell("2026-10-04", "recorded", 12),
            cell("2026-10-05", "hole", 0, 3),
            cell("2026-10-06", "nothing", 0),
          ],
        },
      ],
      digests: [{ day: "2026-10-04", verdict: "verified", files: 2, verified: 2, failed: 0 }],
      states: ["recorded", "partial", "hole", "elsewhere", "nothing"].map(rule),
      verdicts: ["verified", "gap", "failed"].map(rule),
    },
    holes: [
      {
        signature: "missing_hours",
        title: "Missing hours",
        source: "cloudtrail",
        source_title: "AWS CloudTrail",
        deployment: "claims",
        from: "2026-10-05T09:00:00.000Z",
        to: "2026-10-05T12:00:00.000Z",
        no_end_known: false,
        count: 3,
        denominator: 15,
        unit: "calls",
        query: "deployment:claims -source:cloudtrail",
        activities_query: null,
        usage: null,
        says: "It has nothing of claims in 3 hours.",
      },
    ],
    signatures: [{ name: "missing_hours", title: "Missing hours", says: "The rule." }],
    ...change,
  };
}

test("the map is walked with arrow keys, and each day says what its sign means", async () => {
  const { user, router, container } = await renderAt("/trail/coverage", { "trail.reconcile": found() });
  const map = await screen.findByRole("grid", { name: "Calls by source and day" });
  const days = within(map).getAllByRole("gridcell");
  expect(days).toHaveLength(6);
  expect(days[1]).toHaveTextContent("×");
  expect(days[1]).toHaveTextContent("5 Oct 2026: a hole; 3 calls only in other sources; Missing hours");
  expect(days[3]).toHaveTextContent("4 Oct 2026: verified; 2 of 2 log files verified");
  expect(await accessibilityProblems(container)).toEqual([]);
  // One stop of the Tab key; the last day first.
  expect(days.filter((day) => day.tabIndex === 0)).toEqual([days[2]]);
  days[2]?.focus();
  await user.keyboard("{ArrowLeft}");
  expect(days[1]).toHaveFocus();
  await user.keyboard("{ArrowUp}{ArrowDown}{ArrowDown}");
  expect(days[4]).toHaveFocus();
  await user.keyboard("{ArrowUp}{End}{Home}{ArrowRight}");
  expect(screen.getByRole("link", { name: "Open 3 of other sources" })).toBeVisible();
  await user.keyboard("{Enter}");
  expect(router.state.location.search).toMatchObject({
    q: "deployment:claims -source:cloudtrail started_at:2026-10-05",
  });
});

test("holes, shares and what nobody recorded open their records or say so", async () => {
  await renderAt("/trail/coverage", { "trail.reconcile": found(), "trail.count": COUNT });
  expect(await screen.findByText("3 of 15")).toBeVisible();
  const link = screen.getByRole("link", { name: "Open the calls" });
  expect(link).toHaveAttribute("title", expect.stringContaining("deployment:claims -source:cloudtrail"));
  expect(screen.getByRole("link", { name: /92.3 %, 1 without/ })).toHaveAttribute(
    "title",
    expect.stringContaining("record:cloudtrail.no_served_region"),
  );
  expect(screen.getByText("never")).toBeVisible();
  expect(screen.getByText(/nothing tells whether it is whole/)).toBeVisible();
});

test("a hole that nothing ends shows no end", async () => {
  const [hole] = found().holes;
  const open = found({ holes: hole ? [{ ...hole, no_end_known: true }] : [] });
  await renderAt("/trail/coverage", { "trail.reconcile": open, "trail.count": COUNT });
  expect(await screen.findByText("no end known")).toBeVisible();
  expect(screen.queryByText("2026-10-05 12:00")).toBeNull();
});

test("a period is part of the address, and no call is not no traffic", async () => {
  const empty = found({ calls: 0, sources: [], holes: [] });
  const { host } = await renderAt("/trail/coverage?from=2026-10-01&to=2026-11-01", {
    "trail.reconcile": empty,
  });
  expect(await screen.findByText(/not the same as no traffic/)).toBeVisible();
  const asked = host.asked.find((one) => one.name === "trail.reconcile");
  expect(asked?.input).toEqual({ from: "2026-10-01", to: "2026-11-01" });
});

test("a period that can't be read says why", async () => {
  await renderAt("/trail/coverage?from=yesterday", {
    "trail.reconcile": wireError("bad_input", "not a time: yesterday", "write a date like 2026-10-01"),
  });
  expect(await screen.findByText("Not a time: yesterday.")).toBeVisible();
});

test("without a report what was billed is unknown", async () => {
  await renderAt("/trail/coverage", { "trail.reconcile": found() });
  expect(await screen.findByText(/What the provider billed is unknown/)).toBeVisible();
});

test("what was billed stands beside what the trail holds, and each side opens", async () => {
  const line = {
    deployment: null,
    model: "claude-opus-4-5",
    billed: tokens(1000),
    held: tokens(250),
    calls: 5,
    without_tokens: 0,
    calls_query: "kind:claude_api request_model:claude-opus-4-5",
    usage: { from: "2026-10-04", to: "2026-10-05", model: "claude-opus-4-5", report: "usage", counts: true },
    billed_usd: null,
    held_usd: "0.50",
    state: "billed_more",
  };
  const billed = {
    ...NOT_BILLED,
    usage_rows: 2,
    models: [{ ...line, days: 1, cost_days: 0, without_cost: 0, cost: {} }],
    lines: [{ ...line, day: "2026-10-04", hours: 24 }],
  };
  const { container } = await renderAt("/trail/coverage", { "trail.reconcile": found({ billed }) });
  const table = await screen.findByRole("region", { name: "Billed and held by model" });
  expect(within(table).getByText("25.0 % of billed")).toBeVisible();
  expect(within(table).getByText("Billed more")).toBeVisible();
  expect(within(table).getByText("unknown")).toBeVisible();
  expect(within(table).getByRole("link", { name: "1,000" })).toHaveAttribute(
    "href",
    expect.stringContaining("/trail/usage?from=2026-10-04"),
  );
  expect(within(table).getByRole("link", { name: "5" })).toHaveAttribute(
    "title",
    expect.stringContaining("kind:claude_api"),
  );
  expect(await accessibilityProblems(container)).toEqual([]);
});

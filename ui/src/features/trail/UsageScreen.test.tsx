import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TokenCounts, UsagePage, UsageRow } from "@/lib/bindings";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const TOKENS: TokenCounts = {
  input_tokens: 1500,
  output_tokens: 40,
  cache_read_tokens: 30,
  cache_write_5m_tokens: 20,
  cache_write_1h_tokens: 10,
  all: 1600,
};

const ROW: UsageRow = {
  id: "1.1.0",
  report: "usage",
  from: "2026-10-04T00:00:00.000Z",
  to: "2026-10-05T00:00:00.000Z",
  deployment: null,
  model: "claude-opus-4-5",
  workspace_id: null,
  api_key_id: "apikey_1",
  account_id: null,
  service_account_id: null,
  service_tier: "standard",
  context_window: null,
  inference_geo: null,
  cost_type: null,
  token_type: null,
  description: null,
  tokens: TOKENS,
  web_searches: 0,
  amount_usd: null,
  currency: null,
  counts: true,
  batch: "1",
  path: "/logs/usage.json",
  line: 2,
};

const PAGE: UsagePage = {
  rows: [ROW, { ...ROW, id: "1.2.0", api_key_id: null, counts: false }],
  total: 2,
  counted: 1,
  tokens: TOKENS,
  amount_usd: null,
  other_currency: 0,
  next: null,
  rule: "Each usage counts once.",
};

test("rows say what they count, whether they do, and what brought them", async () => {
  const { host, container } = await renderAt(
    "/trail/usage?from=2026-10-04&model=claude-opus-4-5&counts=yes",
    {
      "trail.usage": PAGE,
    },
  );
  expect(await screen.findByText(/2 rows, of which 1 count/)).toBeVisible();
  expect(screen.queryByText(/billed\./)).toBeNull();
  expect(screen.getAllByText("1,500")).toHaveLength(2);
  expect(screen.getByText(/key apikey_1/)).toBeVisible();
  expect(screen.getByText(/usage.json, line 2$/)).toBeVisible();
  expect(screen.getByText(/line 2 · doesn.t count: another row says the same/)).toBeVisible();
  expect(host.asked.find((one) => one.name === "trail.usage")?.input).toEqual({
    limit: 500,
    from: "2026-10-04",
    model: "claude-opus-4-5",
    counts: true,
  });
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("no report is no usage of 0", async () => {
  const empty = { ...PAGE, rows: [], total: 0, counted: 0 };
  await renderAt("/trail/usage", { "trail.usage": empty });
  expect(await screen.findByText("No row of a usage or cost report matches")).toBeVisible();
});

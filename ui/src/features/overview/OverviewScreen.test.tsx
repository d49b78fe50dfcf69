import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { deployment, handlingLine, overview } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const FULL = overview({
  attention: [
    {
      severity: "critical",
      title: "3 calls ran outside.",
      deployment: "claims",
      finding: "f1",
      query: null,
      approvals: false,
      screen: null,
    },
    {
      severity: "medium",
      title: "7 lines could not be read.",
      deployment: null,
      finding: null,
      query: null,
      approvals: false,
      screen: "imports",
    },
  ],
  listed_not_met: 1,
  checked_at: "2026-11-01T10:00:00.000Z",
  rejected_lines: 7,
  deployments: [
    deployment({
      verdicts: { met: 4, not_met: 1, unknown: 2, waived: 0 },
      cost_usd: "12.50",
      cost_known_calls: 90,
      scanned_calls: 80,
      entity_calls: 5,
      handling: [
        handlingLine(),
        handlingLine({ topic: "training", title: "Training", statement: "Not used.", mark: "vendor_stated" }),
      ],
    }),
    deployment({ name: "support", kind: "private" }),
  ],
});

function card(name: string) {
  return within(screen.getByRole("article", { name }));
}

test("a store without imports says what the program is for and offers to import", async () => {
  await renderAt("/", {
    "overview.show": overview({ deployments: [], last_import_at: null, calls: 0 }),
  });
  expect(await screen.findByRole("button", { name: "Import files…" })).toBeVisible();
  expect(screen.getByText(/assay serve --sample/)).toBeVisible();
});

test("the days stand beside the calls, which they are of", async () => {
  await renderAt("/", { "overview.show": overview({ calls: 2, activities: 5 }) });
  const about = (await screen.findByRole("link", { name: "2 calls" })).closest("p");
  expect(about).toHaveTextContent(/^2 calls from 1 Oct 2026 to .+ \(UTC\) · 5 activities$/);
});

test("one day is one day", async () => {
  const day = { first_call_at: "2026-10-01T00:00:00.000Z", last_call_at: "2026-10-01T09:00:00.000Z" };
  await renderAt("/", { "overview.show": overview({ calls: 2, activities: 5, ...day }) });
  const about = (await screen.findByRole("link", { name: "2 calls" })).closest("p");
  expect(about).toHaveTextContent("2 calls on 1 Oct 2026 (UTC) · 5 activities");
});

test("an error shows its code, its hint and a way to try again", async () => {
  await renderAt("/", { "overview.show": wireError("store_damaged", "a page can't be read", "open a copy") });
  expect(await screen.findByText("store_damaged")).toBeVisible();
  expect(screen.getByText("Open a copy.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
});

test("unknown is a word of its own: no cost is not $0.00, no search is not 0 found", async () => {
  await renderAt("/", { "overview.show": FULL, "imports.list": [] });
  await screen.findByRole("article", { name: "support" });
  const support = card("support");
  expect(support.queryByText(/\$0\.00/)).toBeNull();
  expect(support.getByRole("link", { name: "0 of 100 calls" })).toBeVisible();
  expect(support.getByRole("link", { name: "100 not searched" })).toBeVisible();
  expect(support.getByText(/not checked yet/)).toBeVisible();
  expect(support.queryByText(/^Met/)).toBeNull();
});

test("figures stand with what they are counted of, and open their calls", async () => {
  await renderAt("/", { "overview.show": FULL, "imports.list": [] });
  await screen.findByRole("article", { name: "claims" });
  const claims = card("claims");
  expect(claims.getByRole("link", { name: "90 of 100 calls" })).toHaveAttribute(
    "href",
    expect.stringContaining("has%3Acost_usd"),
  );
  expect(claims.getByRole("link", { name: "80 searched" })).toBeVisible();
  expect(claims.getByText("of 7 answers")).toBeVisible();
  expect(
    claims.getByText(/0 of 2 topics observed or configured, 1 stated or declared, 1 unknown/),
  ).toBeVisible();
});

test("what wants attention opens its finding, or the rejected lines", async () => {
  const { user, router } = await renderAt("/", { "overview.show": FULL, "imports.list": [] });
  await user.click(await screen.findByRole("button", { name: "Open: 7 lines could not be read." }));
  expect(router.state.location.pathname).toBe("/imports");
});

test("the lines that are no finding are not counted among the most severe", async () => {
  const many = deployment({ verdicts: { met: 4, not_met: 3, unknown: 2, waived: 0 } });
  await renderAt("/", {
    "overview.show": { ...FULL, listed_not_met: 1, deployments: [many] },
    "imports.list": [],
  });
  expect(
    await screen.findByText(/Of what is not met the 1 most severe are listed, beside 1 other line\./),
  ).toBeVisible();
});

test("answers that are older than a definition say so", async () => {
  await renderAt("/", {
    "overview.show": { ...FULL, changed_since_checked: ["claims"] },
    "imports.list": [],
  });
  expect(
    await screen.findByText(/settings changed since: claims\. These answers don't cover that/),
  ).toBeVisible();
});

test("deployments compare as a table that the address keeps", async () => {
  const { user, router, container } = await renderAt("/", { "overview.show": FULL, "imports.list": [] });
  await user.click(await screen.findByRole("button", { name: "Compare" }));
  const table = within(await screen.findByRole("table"));
  expect(table.getByRole("row", { name: /Retention.*Unknown/ })).toBeVisible();
  expect(router.state.location.search).toEqual({ view: "compare" });
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("the overview is accessible", async () => {
  const { container } = await renderAt("/", { "overview.show": FULL, "imports.list": [] });
  await screen.findByRole("article", { name: "claims" });
  expect(await accessibilityProblems(container)).toEqual([]);
});

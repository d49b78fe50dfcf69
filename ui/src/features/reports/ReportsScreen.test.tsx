import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { report } from "../../../tests/fake-lab";
import { wireError } from "../../../tests/fakeHost";
import { deployment, overview } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const ANSWERS = {
  "overview.show": overview({
    calls: 100,
    first_call_at: "2026-09-03T10:00:00.000Z",
    last_call_at: "2026-10-30T10:00:00.000Z",
    deployments: [deployment({ name: "claims" }), deployment({ name: "support" })],
  }),
  "reports.preview": report(),
  "reports.list": [],
  "reports.render": { job: 7 },
};

test("an empty trail says what a report needs", async () => {
  await renderAt("/reports", { ...ANSWERS, "overview.show": overview({ calls: 0 }) });
  expect(await screen.findByText("There is nothing to report on yet")).toBeVisible();
});

test("figures stand with what they are out of and open their calls; no findings is no assurance", async () => {
  const { container } = await renderAt("/reports?from=2026-10-01&to=2026-11-01", ANSWERS);
  const row = within(await screen.findByRole("row", { name: /Calls that failed/ }));
  expect(row.getByText("100 calls")).toBeVisible();
  expect(row.getByRole("link", { name: "4" })).toHaveAttribute(
    "href",
    expect.stringContaining("status%3Aerror"),
  );
  expect(screen.getByText(/That is not an assurance/)).toBeVisible();
  expect(screen.getByRole("heading", { name: "What this report doesn't cover" })).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("who looked and what was approved stand with their leaf, and open their activities", async () => {
  const tally = {
    id: "revealed_calls",
    title: "Calls whose text was revealed",
    value: 1,
    of: { value: 40, what: "calls in the trail" },
    query: "action:call.reveal",
    note: null,
  };
  const { container } = await renderAt("/reports?from=2026-10-01&to=2026-11-01", {
    ...ANSWERS,
    "reports.preview": report({
      looked: {
        says: ["1 reveal of 1 of 40 calls in the trail."],
        tallies: [tally],
        rows: [
          {
            at: "2026-10-20T10:00:00.000Z",
            who: "ann",
            what: "revealed",
            record: "c1",
            reason: "Ticket 4711",
            approval: null,
            leaf: 41,
          },
        ],
        total: 1,
      },
      approvals: {
        says: ["Nobody was asked for an approval in this period."],
        tallies: [{ ...tally, id: "approved_exports", title: "Unredacted exports", value: 0 }],
        rows: [],
      },
    }),
  });
  const row = within(await screen.findByRole("row", { name: /Ticket 4711/ }));
  expect(row.getByText("#41")).toBeVisible();
  expect(row.getByRole("link", { name: "c1" })).toBeVisible();
  const counted = within(screen.getByRole("row", { name: /Calls whose text was revealed/ }));
  expect(counted.getByText("40 calls in the trail")).toBeVisible();
  expect(counted.getByRole("link", { name: "1" })).toHaveAttribute(
    "href",
    expect.stringContaining("tab=activities"),
  );
  expect(screen.getByText("Nobody was asked for an approval in this period.")).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("what was chosen is what is asked for and written, and its hash is shown", async () => {
  const { user, host } = await renderAt("/reports?from=2026-10-01&to=2026-11-01", ANSWERS);
  await user.click(await screen.findByRole("checkbox", { name: /support/ }));
  await user.click(screen.getByRole("radio", { name: /Excel/ }));
  await user.click(screen.getByRole("button", { name: "Create report as Excel (XLSX)" }));
  const ask = { kind: "monthly", from: "2026-10-01", to: "2026-11-01", deployments: ["claims"] };
  expect(host.asked).toContainEqual({ name: "reports.preview", input: ask });
  expect(host.asked).toContainEqual({ name: "reports.render", input: { report: ask, format: "xlsx" } });
});

test("a preview that fails shows the code, and nothing can be written", async () => {
  await renderAt("/reports", {
    ...ANSWERS,
    "reports.preview": wireError("bad_input", "the period is empty"),
  });
  expect(await screen.findByText("bad_input")).toBeVisible();
  expect(screen.getByRole("button", { name: /Create report/ })).toBeDisabled();
});

test("a written file that changed since is named as changed", async () => {
  await renderAt("/reports", {
    ...ANSWERS,
    "reports.list": [
      {
        id: "1",
        kind: "monthly",
        format: "pdf",
        path: "/reports/monthly.pdf",
        sha256: "ab".repeat(32),
        from: "2026-10-01",
        to: "2026-11-01",
        deployments: [],
        made_at: "2026-11-02T10:00:00.000Z",
        state: "changed",
      },
    ],
  });
  await screen.findByRole("button", { name: /Create report/ });
  expect(await screen.findByText("Changed since")).toBeVisible();
  expect(screen.getByText("1 Oct 2026 – 31 Oct 2026")).toBeVisible();
});

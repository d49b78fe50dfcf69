import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { deployment, deploymentPage, handlingLine } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const PAGE = deploymentPage({
  summary: deployment({
    region_unknown_calls: 40,
    handling: [
      handlingLine({
        mark: "vendor_stated",
        statement: "Kept 30 days.",
        source: "Guide",
        as_of: "2026-01-01",
        review_due: true,
      }),
      handlingLine({
        mark: "declared",
        statement: "Contract says none.",
        source: "Contract 7",
        as_of: "2026-08-01",
      }),
      handlingLine({ topic: "training", title: "Training" }),
    ],
  }),
  regions: [
    {
      requested_region: "eu-west-1",
      served_region: "eu-central-1",
      place: "allowed",
      calls: 60,
      query: "q1",
    },
    { requested_region: "eu-west-1", served_region: null, place: "unknown", calls: 40, query: "q2" },
  ],
});

test("each statement says what it rests on, and silence is unknown", async () => {
  const { container } = await renderAt("/deployments/claims", { "deployments.show": PAGE });
  const table = within(await screen.findByRole("table"));
  const training = within(table.getByRole("row", { name: /Training/ }));
  expect(training.getByText("Unknown")).toBeVisible();
  expect(table.getByText("Declared")).toBeVisible();
  expect(table.getByText("Review due")).toBeVisible();
  expect(screen.getByText(/Nothing is known of 1 of 2 topics\./)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("where calls ran says how many tell, and each row opens its calls", async () => {
  const { container } = await renderAt("/deployments/claims?tab=regions", { "deployments.show": PAGE });
  expect(await screen.findByText(/60\.0 % \(60 of 100\) of calls name the region/)).toBeVisible();
  const row = within(screen.getByRole("row", { name: /Unknown/ }));
  expect(row.getByLabelText("not recorded")).toBeVisible();
  expect(row.getByRole("link", { name: "40" })).toHaveAttribute("href", expect.stringContaining("q=q2"));
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a definition that can't be used names its line and keeps what was typed", async () => {
  const { user } = await renderAt("/deployments/claims?tab=definition", {
    "deployments.show": PAGE,
    "deployments.set": wireError("bad_input", "the definition can't be used: line 2: unknown variant"),
  });
  const editor = await screen.findByLabelText("Definition (TOML)");
  await fill(user, editor, "owner = 'x'");
  await user.click(screen.getByRole("button", { name: "Save definition" }));
  expect(await screen.findByText(/line 2: unknown variant/)).toBeVisible();
  expect(editor).toHaveAttribute("aria-invalid", "true");
  expect(editor).toHaveValue(`${PAGE.toml}owner = 'x'`);
});

test("settings answers that were not understood are listed", async () => {
  const { user } = await renderAt("/deployments/claims?tab=settings", {
    "deployments.show": PAGE,
    "snapshots.import": { deployment: "claims", settings: [], rejected: ["answers.json: not JSON"] },
  });
  await user.click(await screen.findByRole("button", { name: "Import settings answers…" }));
  expect(await screen.findByText("answers.json: not JSON")).toBeVisible();
  expect(screen.getByText(/Read 0 settings; 1 answer rejected/)).toBeVisible();
});

test("a deployment that is not there says so", async () => {
  await renderAt("/deployments/nowhere", {
    "deployments.show": wireError("not_found", "no deployment: nowhere"),
  });
  expect(await screen.findByText("not_found")).toBeVisible();
});

test("the list says whose deployments these are and how much is unknown", async () => {
  const { container } = await renderAt("/deployments", {
    "deployments.list": [
      deployment(),
      deployment({ name: "new", calls: 0, region_unknown_calls: 0, declared: false }),
    ],
  });
  expect(await screen.findByRole("link", { name: "100 of 100" })).toBeVisible();
  expect(screen.getByText("Not defined yet")).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

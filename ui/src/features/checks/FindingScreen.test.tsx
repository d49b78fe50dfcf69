import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { checkSummary, finding } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";
import { endProblem, inDays, peopleProblem, reasonProblem } from "./waiving";

const CALL = "0123456789abcdef0123456789abcdef";
const FINDING = finding({
  unknown: 20,
  evidence: [
    {
      what: "3 calls ran in us-east-1",
      query: "deployment:claims served_region:us-east-1",
      call_ids: [CALL],
      setting: null,
    },
  ],
});

test("evidence opens its calls, and its examples open the record", async () => {
  const { container } = await renderAt("/checks/f1", { "checks.explain": FINDING });
  expect(await screen.findByRole("link", { name: "3 calls ran in us-east-1" })).toHaveAttribute(
    "href",
    expect.stringContaining("us-east-1"),
  );
  expect(screen.getByTitle(`Opens the call ${CALL}`)).toHaveAttribute(
    "href",
    expect.stringContaining(`rec=${CALL}`),
  );
  expect(screen.getByText(/20 of 100/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a verdict says how old it is and what it doesn't cover", async () => {
  await renderAt("/checks/f1", {
    "checks.explain": finding({ verdict: "met", counted: 0 }),
    "checks.findings": checkSummary({ since: 12 }),
  });
  expect(await screen.findByText(/12 records imported since/)).toBeVisible();
  expect(screen.getByText(/1 Nov 2026, 10:00:00 UTC/)).toBeVisible();
});

test("a waiver needs a reason and somebody else's approval", async () => {
  const { user, host } = await renderAt("/checks/f1", { "checks.explain": FINDING, "checks.waive": FINDING });
  await user.click(await screen.findByRole("button", { name: "Waive…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByLabelText("Owner"), "Ana");
  await user.type(dialog.getByLabelText("Approver"), "ana");
  await user.click(dialog.getByRole("button", { name: "Waive finding" }));
  expect(dialog.getByText(/at least 30 characters why/)).toBeVisible();
  expect(dialog.getByText(/somebody else than the owner\./)).toBeVisible();
  expect(host.asked.some((asked) => asked.name === "checks.waive")).toBe(false);

  await user.type(dialog.getByLabelText("Reason"), "Accepted until the new gateway is in use.");
  await user.clear(dialog.getByLabelText("Approver"));
  await user.type(dialog.getByLabelText("Approver"), "Ben");
  await user.click(dialog.getByRole("button", { name: "Waive finding" }));
  expect(host.asked.find((asked) => asked.name === "checks.waive")?.input).toMatchObject({
    id: "f1",
    owner: "Ana",
    approver: "Ben",
    until: inDays(90, Date.now()),
  });
});

test("a finding that is gone says so", async () => {
  await renderAt("/checks/gone", {
    "checks.explain": wireError("not_found", "no finding: gone", "run the checks first"),
  });
  expect(await screen.findByText("not_found")).toBeVisible();
  expect(screen.getByText("Run the checks first.")).toBeVisible();
});

test("a waiver's rules", () => {
  const now = Date.parse("2026-11-25T10:00:00Z");
  expect(reasonProblem("x".repeat(29))).toBeDefined();
  expect(reasonProblem("x".repeat(30))).toBeUndefined();
  expect(peopleProblem("Ana", " ANA ")).toBeDefined();
  expect(peopleProblem("Ana", "Ben")).toBeUndefined();
  expect(endProblem(inDays(365, now), now)).toBeUndefined();
  expect(endProblem(inDays(366, now), now)).toBeDefined();
  expect(endProblem(inDays(-1, now), now)).toBeDefined();
});

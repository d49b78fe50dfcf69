import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { approvalRow, checkSummary, DECIDED, finding } from "../../../tests/records";
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

  await fill(user, dialog.getByLabelText("Reason"), "Accepted until the new gateway is in use.");
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

const RULE_ON = { kind: "waivers", title: "Waivers", about: "", on: true, since: "2026-11-02T10:00:00.000Z" };

test("where a second person has to sign, waiving asks for exactly what was written", async () => {
  const { user, host } = await renderAt("/checks/f1", {
    "checks.explain": FINDING,
    "approvals.rules": [RULE_ON],
    "approvals.list": [],
    "approvals.standing": { needed: true, free: false, request: null },
    "approvals.request": approvalRow({ kind: "waivers", by_me: true, for_me: false }),
  });
  await user.click(await screen.findByRole("button", { name: "Waive…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await screen.findByRole("button", { name: "Ask for approval" });
  expect(dialog.queryByLabelText("Approver")).toBeNull();
  await user.type(dialog.getByLabelText("Owner"), "Ana");
  await fill(user, dialog.getByLabelText("Reason"), "Accepted until the new gateway is in use.");
  await waitFor(() => expect(dialog.getByRole("button", { name: "Ask for approval" })).toBeEnabled());
  await user.click(dialog.getByRole("button", { name: "Ask for approval" }));
  const asked = host.asked.find((one) => one.name === "approvals.request")?.input;
  expect(asked).toEqual({
    deed: {
      command: "checks.waive",
      input: JSON.stringify({
        id: "f1",
        reason: "Accepted until the new gateway is in use.",
        owner: "Ana",
        approver: "",
        until: inDays(90, Date.now()),
      }),
    },
  });
  expect(host.asked.some((one) => one.name === "checks.waive")).toBe(false);
});

test("what was asked for is filled in, and waived once it is approved", async () => {
  const content = JSON.stringify({
    finding: "f1",
    reason: "Accepted until the new gateway is in use.",
    owner: "Ana",
    until: inDays(30, Date.now()),
  });
  const approved = approvalRow({ kind: "waivers", state: "approved", content, decision: DECIDED });
  const { user, host } = await renderAt("/checks/f1", {
    "checks.explain": FINDING,
    "checks.waive": FINDING,
    "approvals.rules": [RULE_ON],
    "approvals.list": [approved],
    "approvals.standing": { needed: true, free: true, request: approved },
  });
  await user.click(await screen.findByRole("button", { name: "Waive…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(await dialog.findByRole("button", { name: "Fill in what was asked for" }));
  await user.click(await dialog.findByRole("button", { name: "Waive finding" }));
  expect(host.asked.find((one) => one.name === "checks.waive")?.input).toMatchObject({
    owner: "Ana",
    approver: "",
    until: inDays(30, Date.now()),
  });
});

const WAIVER = {
  accepted: "not_met",
  reason: "Accepted until the new gateway is in use.",
  owner: "Ana",
  approver: "Ben",
  approval: null,
  set_at: "2026-11-01T10:00:00.000Z",
  until: "2027-01-31T23:59:59.999Z",
  ended_at: null,
};

test("an approver that nobody signed for is named, not signed", async () => {
  await renderAt("/checks/f1", { "checks.explain": finding({ verdict: "waived", waiver: WAIVER }) });
  expect(await screen.findByText("Ben: named, not signed")).toBeVisible();
});

test("an approver who signed opens the approval", async () => {
  const waiver = { ...WAIVER, approval: "a".repeat(32) };
  await renderAt("/checks/f1", { "checks.explain": finding({ verdict: "waived", waiver }) });
  expect(await screen.findByRole("link", { name: "signed" })).toHaveAttribute(
    "href",
    expect.stringContaining("/approvals?id="),
  );
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

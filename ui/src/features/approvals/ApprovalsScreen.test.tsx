import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { AskedGate, GatePoint } from "@/lib/bindings";
import { wireError } from "../../../tests/fakeHost";
import { approvalRow, DECIDED, PERSONS, RULES } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const ANSWERS = {
  "approvals.list": [
    approvalRow(),
    approvalRow({
      id: "b".repeat(32),
      state: "used",
      for_me: false,
      decision: DECIDED,
      used_at: "2026-11-22T10:00:00.000Z",
      used_leaf: 42,
    }),
  ],
  "approvals.persons": PERSONS,
  "approvals.rules": RULES,
  "approvals.standing": { needed: true, free: false, request: null },
};

test.each(["requests", "persons", "rules"])("the part %s of the approvals is accessible", async (tab) => {
  const { container } = await renderAt(`/approvals?tab=${tab}`, ANSWERS);
  await screen.findByRole("tabpanel");
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("what waits is decided with a reason, and only after a question outside the page", async () => {
  const { user, host } = await renderAt("/approvals", {
    ...ANSWERS,
    "approvals.decide": approvalRow({ state: "approved", for_me: false, decision: DECIDED }),
  });
  const [open] = await screen.findAllByRole("button", { name: /^Open: Write 5 calls/ });
  if (open) await user.click(open);
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText("11111111 22222222")).toBeVisible();
  const yes = within(dialog).getByRole("button", { name: "Approve" });
  expect(yes).toBeDisabled();
  await user.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Agreed");
  await user.click(yes);
  expect(host.confirmed).toEqual([
    { name: "approvals.decide", input: { id: approvalRow().id, verdict: "approved", reason: "Agreed" } },
  ]);
});

test("one's own request can't be answered, but handed over", async () => {
  const { user, host } = await renderAt(`/approvals?id=${approvalRow().id}`, {
    ...ANSWERS,
    "approvals.list": [approvalRow({ by_me: true, for_me: false })],
    "approvals.export": { path: "/store/approvals/a.txt", handle: "h", sha256: "00" },
  });
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).queryByRole("button", { name: "Approve" })).toBeNull();
  await user.click(within(dialog).getByRole("button", { name: "Write it to a file…" }));
  expect(await within(dialog).findByText("/store/approvals/a.txt")).toBeVisible();
  expect(host.asked.some((one) => one.name === "approvals.export")).toBe(true);
});

test("a request from a file says whose key asks, and what keeps one from answering", async () => {
  const row = approvalRow();
  const { user } = await renderAt("/approvals", {
    ...ANSWERS,
    "approvals.open_file": {
      id: row.id,
      workspace: "assay.local/0123",
      organisation: "Northwind",
      is_here: false,
      kind: row.kind,
      title: row.title,
      says: row.says,
      content: row.content,
      content_sha256: row.content_sha256,
      asked_by: row.asked_by,
      is_known: false,
      asked_at: row.asked_at,
      until: row.until,
      is_expired: true,
      gate: null,
      problem: "the time of the request is over",
    },
  });
  await user.click(await screen.findByRole("button", { name: "Open a request's file…" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText(/Not registered here: compare it/)).toBeVisible();
  expect(within(dialog).getByRole("alert")).toHaveTextContent("the time of the request is over");
  expect(within(dialog).queryByRole("button", { name: "Approve…" })).toBeNull();
});

test("a decision that counts for nothing says why", async () => {
  const { user } = await renderAt("/approvals", {
    ...ANSWERS,
    "approvals.import": wireError(
      "bad_input",
      "the decision counts for nothing: the key that signed it was revoked",
    ),
  });
  await user.click(await screen.findByRole("button", { name: "Bring a decision back…" }));
  expect(await screen.findByText(/counts for nothing/)).toBeVisible();
});

test("a rule that is on is not switched off but asked about", async () => {
  const { user, host } = await renderAt("/approvals?tab=rules", {
    ...ANSWERS,
    "approvals.request": approvalRow({ kind: "rules", by_me: true, for_me: false }),
  });
  await user.click(await screen.findByRole("button", { name: "Ask to switch off: Unredacted exports" }));
  expect(host.asked.filter((one) => one.name === "approvals.request")).toEqual([
    {
      name: "approvals.request",
      input: { deed: { command: "approvals.set_rule", input: '{"kind":"exports","on":false}' } },
    },
  ]);
  expect(screen.getByRole("button", { name: "Switch on: Waivers" })).toBeEnabled();
});

const POLICY = approvalRow({
  kind: "policies",
  title: "Policies put in force",
  says: ["Have claims in force."],
});
const POINT: GatePoint = {
  point: "rehearsal",
  title: "Rehearsal",
  state: "against",
  says: "3 of 412 calls would show something that is hidden now.",
  details: [],
  at: null,
  by: null,
};
const GATE: AskedGate = {
  reason: "agreed with the board",
  not_clear: 1,
  of: 1,
  asked: {
    before: "default",
    after: "claims@2",
    at: POLICY.asked_at,
    points: [{ ...POINT, state: "clear" }],
  },
  now: {
    before: "default",
    after: "claims@2",
    deployment: null,
    points: [POINT],
    against: 1,
    incomplete: 0,
    unknown: 0,
    needs_reason: true,
    to_run: [],
    changes: [{ what: "operator", key: "EMAIL_ADDRESS", before: "replace", after: "keep" }],
    lines: [],
    limits: [],
  },
  untold: null,
  changed: ["Rehearsal: against now, clear when it was asked."],
};

test("who approves a policy sees what stands against it now and what changed since", async () => {
  const { user } = await renderAt(`/approvals?id=${POLICY.id}`, {
    ...ANSWERS,
    "approvals.list": [POLICY],
    "approvals.gate": GATE,
  });
  const dialog = within(await screen.findByRole("dialog"));
  const points = within(await dialog.findByRole("list", { name: "What stands against it" }));
  expect(points.getByText("Against")).toBeVisible();
  expect(points.queryByText("Clear")).toBeNull();
  expect(dialog.getByText("Rehearsal: against now, clear when it was asked.")).toBeVisible();
  expect(dialog.getByText("EMAIL_ADDRESS")).toBeVisible();
  await user.type(dialog.getByRole("textbox", { name: "Reason" }), "Agreed");
  expect(dialog.getByRole("button", { name: "Approve" })).toBeEnabled();
  expect(await accessibilityProblems(document.body)).toEqual([]);
});

test("points that can't be told now are those that the asking computer said", async () => {
  const { user } = await renderAt("/approvals", {
    ...ANSWERS,
    "approvals.open_file": {
      id: POLICY.id,
      workspace: "assay.local/0123",
      organisation: "Northwind",
      is_here: false,
      kind: POLICY.kind,
      title: POLICY.title,
      says: POLICY.says,
      content: POLICY.content,
      content_sha256: POLICY.content_sha256,
      asked_by: POLICY.asked_by,
      is_known: true,
      asked_at: POLICY.asked_at,
      until: POLICY.until,
      is_expired: false,
      gate: {
        ...GATE,
        now: null,
        changed: [],
        untold: "It is a request of another workspace.",
        asked: { before: "default", after: "claims@2", at: POLICY.asked_at, points: [POINT] },
      },
      problem: null,
    },
  });
  await user.click(await screen.findByRole("button", { name: "Open a request's file…" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText("It is a request of another workspace.")).toBeVisible();
  expect(dialog.getByText(/^When it was asked/)).toBeVisible();
  expect(dialog.getByText("Against")).toBeVisible();
});

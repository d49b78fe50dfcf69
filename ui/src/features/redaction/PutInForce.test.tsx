import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Gate, GatePoint, RuleRow, WireError } from "@/lib/bindings";
import { endedJob, policy } from "../../../tests/fake-lab";
import { type Answers, wireError } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { approvalRow } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const DRAFT = policy({ name: "claims", reference: "claims@2", in_force: false, builtin: false });

function point(change: Partial<GatePoint>): GatePoint {
  return {
    point: "rehearsal",
    title: "Rehearsal",
    state: "clear",
    says: "None of 412 calls newly shows something; 907 values stay hidden.",
    details: [],
    at: null,
    by: null,
    ...change,
  };
}

function gate(points: GatePoint[], change: Partial<Gate> = {}): Gate {
  const count = (state: string) => points.filter((one) => one.state === state).length;
  return {
    before: "default",
    after: "claims@2",
    deployment: null,
    points,
    against: count("against"),
    incomplete: count("incomplete"),
    unknown: count("unknown"),
    needs_reason: count("clear") < points.length,
    to_run: [],
    changes: [],
    lines: [],
    limits: ["Clear means that nothing was found against it."],
    ...change,
  };
}

const UNKNOWN = point({
  state: "unknown",
  says: "Not rehearsed against `default`: what becomes of 412 stored calls is not known.",
});
const SECRETS = point({
  point: "secrets",
  title: "Secrets",
  state: "against",
  says: "1 of 48 secret types switched off: what is found is left as it is.",
  details: ["AWS_ACCESS_KEY is left as it is"],
});

const answers = (standing: Gate | WireError): Answers => ({
  "redaction.policies": [policy(), DRAFT],
  "redaction.versions": [DRAFT],
  "redaction.gate_standing": standing,
  "redaction.put_in_force": { ...DRAFT, in_force: true },
  "approvals.rules": [],
});

test("what was tried in part is incomplete, with the count and the reason, and takes a reason", async () => {
  const partly = point({
    state: "incomplete",
    says: "None of 412 calls newly shows something in what could be looked through; 907 values stay hidden.",
    details: ["12 of 412 calls could not be looked through in full", "Of 12 calls: an image: not searched"],
  });
  const { user } = await renderAt("/redaction?policy=claims", answers(gate([partly])));
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  const points = within(await dialog.findByRole("list", { name: "What stands against it" }));
  expect(points.getByText("Incomplete")).toBeVisible();
  expect(points.getByText("Of 12 calls: an image: not searched")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Put in force all the same" })).toBeDisabled();
});

test("what is unknown or against it is said, and takes a reason that is sent along", async () => {
  const { user, host } = await renderAt("/redaction?policy=claims", answers(gate([UNKNOWN, SECRETS])));
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  const points = within(await dialog.findByRole("list", { name: "What stands against it" }));
  expect(points.getByText("Unknown")).toBeVisible();
  expect(points.getByText("Against")).toBeVisible();
  expect(points.getByText("AWS_ACCESS_KEY is left as it is")).toBeVisible();
  const put = dialog.getByRole("button", { name: "Put in force all the same" });
  expect(put).toBeDisabled();
  await fill(user, dialog.getByRole("textbox", { name: "Why all the same" }), "too short");
  expect(put).toBeDisabled();
  await fill(user, dialog.getByRole("textbox", { name: "Why all the same" }), ", agreed with the board");
  expect(await accessibilityProblems(document.body)).toEqual([]);
  await user.click(put);
  const asked = host.asked.find((one) => one.name === "redaction.put_in_force");
  expect(asked?.input).toEqual({ name: "claims@2", reason: "too short, agreed with the board" });
});

test("what is unknown can be found out at once, and is asked for again", async () => {
  const toRun = ["a rehearsal over 412 calls"];
  const { user, host } = await renderAt("/redaction?policy=claims", {
    ...answers(gate([UNKNOWN], { to_run: toRun })),
    "redaction.gate": { job: 7401 },
  });
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(await dialog.findByRole("button", { name: "Find out now" }));
  expect(host.asked.find((one) => one.name === "redaction.gate")?.input).toEqual({ name: "claims@2" });
  const running = { ...endedJob(7401, "redaction.gate", null), state: "running" as const };
  host.tell({ type: "job", job: running });
  expect(await dialog.findByRole("button", { name: "Stop" })).toBeVisible();
  expect(dialog.queryByRole("button", { name: "Find out now" })).toBeNull();
  host.answer("redaction.gate_standing", gate([point({})]));
  host.tell({ type: "job", job: endedJob(7401, "redaction.gate", gate([point({})])) });
  host.tell({ type: "changed", tags: ["trail", "activities"] });
  expect(await dialog.findByText("Clear")).toBeVisible();
  expect(dialog.queryByRole("textbox", { name: "Why all the same" })).toBeNull();
  expect(dialog.getByRole("button", { name: "Put in force" })).toBeEnabled();
});

test("while it is not known what stands against it, nothing is put in force", async () => {
  const { user } = await renderAt("/redaction?policy=claims", answers(wireError("store_locked", "locked")));
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText(/locked/)).toBeVisible();
  expect(dialog.getByRole("button", { name: "Put in force" })).toBeDisabled();
});

const SIGNED: RuleRow[] = [
  {
    kind: "policies",
    title: "Policies put in force",
    about: "Putting a version of a redaction policy in force.",
    on: true,
    since: "2026-11-02T10:00:00.000Z",
  },
];

const differs = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    what: "operator",
    key: `TYPE_${number + 1}`,
    before: "replace",
    after: "keep",
  }));

test("every rule that differs is listed, and folded where they are many", async () => {
  const { user, host } = await renderAt(
    "/redaction?policy=claims",
    answers(gate([point({})], { changes: differs(2) })),
  );
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText("TYPE_2")).toBeVisible();
  host.answer("redaction.gate_standing", gate([point({})], { changes: differs(40) }));
  host.tell({ type: "changed", tags: ["policies"] });
  const fold = await dialog.findByText(/40 rules differ from/);
  expect(dialog.getByText("TYPE_40")).not.toBeVisible();
  await user.click(fold);
  expect(dialog.getByText("TYPE_40")).toBeVisible();
});

test("where a second person has to approve, they are asked about this very reason", async () => {
  const { user, host } = await renderAt("/redaction?policy=claims", {
    ...answers(gate([UNKNOWN])),
    "approvals.rules": SIGNED,
    "approvals.list": [],
    "approvals.standing": { needed: true, free: false, request: null },
    "approvals.request": approvalRow({ kind: "policies" }),
  });
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  const ask = await dialog.findByRole("button", { name: "Ask for approval" });
  expect(ask).toBeDisabled();
  expect(dialog.queryByRole("button", { name: /^Put in force/ })).toBeNull();
  await fill(user, dialog.getByRole("textbox", { name: "Why all the same" }), "agreed with the board");
  await waitFor(() => expect(ask).toBeEnabled());
  await user.click(ask);
  const asked = host.asked.find((one) => one.name === "approvals.request");
  expect(asked?.input).toEqual({
    deed: {
      command: "redaction.put_in_force",
      input: '{"name":"claims@2","reason":"agreed with the board"}',
    },
  });
});

test("what was approved is carried out with the reason that was approved", async () => {
  const approved = approvalRow({
    kind: "policies",
    state: "approved",
    content: '{"policy":"claims","reason":"as the board decided","sha256":"00"}',
  });
  const { user, host } = await renderAt("/redaction?policy=claims", {
    ...answers(gate([UNKNOWN])),
    "approvals.rules": SIGNED,
    "approvals.list": [approved],
    "approvals.standing": { needed: true, free: true, request: approved },
  });
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  const put = await dialog.findByRole("button", { name: "Put in force all the same" });
  await waitFor(() => expect(put).toBeEnabled());
  expect(dialog.getByRole("textbox", { name: "Why all the same" })).toHaveValue("as the board decided");
  await user.click(put);
  expect(host.asked.find((one) => one.name === "redaction.put_in_force")?.input).toEqual({
    name: "claims@2",
    reason: "as the board decided",
  });
});

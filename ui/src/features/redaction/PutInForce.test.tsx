import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Gate, GatePoint, WireError } from "@/lib/bindings";
import { endedJob, policy } from "../../../tests/fake-lab";
import { type Answers, wireError } from "../../../tests/fakeHost";
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
    unknown: count("unknown"),
    needs_reason: count("clear") < points.length,
    to_run: [],
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
  await user.type(dialog.getByRole("textbox", { name: "Why all the same" }), "too short");
  expect(put).toBeDisabled();
  await user.type(dialog.getByRole("textbox", { name: "Why all the same" }), ", agreed with the board");
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

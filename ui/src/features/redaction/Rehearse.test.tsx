import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Job, Rehearsal, Stretches } from "@/lib/bindings";
import { policy } from "../../../tests/fake-lab";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const POLICIES = [policy(), policy({ name: "claims", version: "7", in_force: false, builtin: false })];
const ID = "3a2f767fef6257ce0184b8f6594d87ec";

const NONE: Stretches = {
  hidden_by_old: 0,
  hidden_by_new: 0,
  exposed: 0,
  newly_redacted: 0,
  treated_otherwise: 0,
  shows_more: 0,
  unchanged: 0,
};

function rehearsal(change: Partial<Rehearsal> = {}): Rehearsal {
  const stretches = { ...NONE, hidden_by_old: 3, exposed: 2, unchanged: 1, hidden_by_new: 1 };
  return {
    from: { name: "default", version: "1", in_force: true, tried: false, names_model: null },
    to: { name: "claims", version: "7", in_force: false, tried: false, names_model: null },
    query: "status:ok",
    matched: 40,
    newly_exposed: 1,
    exposed_and_redacted: 0,
    newly_redacted: 2,
    treated_otherwise: 3,
    unchanged: 30,
    not_evaluable: {
      calls: 4,
      partly: 1,
      in_part: 2,
      without_text: 2,
      reasons: [{ reason: "no_text", says: "The record holds no text.", calls: 4, besides: 0 }],
    },
    texts: 90,
    characters: 12_000,
    stretches,
    by_type: [{ entity_type: "EMAIL_ADDRESS", category: "contact", stretches }],
    by_field: [{ field: "user_message", texts: 50, stretches }],
    exposed_by_rule: [
      {
        recognizer: "email",
        entity_type: "EMAIL_ADDRESS",
        because: "kept",
        says: "the new policy finds it and keeps it",
        exposed: 2,
        of: 3,
        calls: 1,
        ids: [ID],
      },
    ],
    redacted_by_rule: [],
    by_operator: [],
    exposed_calls: [
      { id: ID, started_at: "2026-11-01T08:00:00Z", exposed: 2, rules: ["EMAIL_ADDRESS by email"] },
    ],
    runs: ["The program's recognizers ran once for both policies."],
    limits: ["What neither finds is not counted."],
    elapsed_ms: 1200,
    ...change,
  };
}

function job(change: Partial<Job>): Job {
  return {
    id: 7301,
    command: "redaction.rehearse",
    title: "Rehearsing",
    phase: "comparing",
    done: 10,
    total: 40,
    unit: "calls",
    rate: null,
    eta_s: null,
    counts: {},
    state: "running",
    result: null,
    error: null,
    elapsed_ms: 10,
    ...change,
  };
}

const ANSWERS = {
  "redaction.policies": POLICIES,
  "trail.count": { matching: 40, stored: 90 },
  "jobs.cancel": {},
};

test("a rehearsal is started, stopped, and shows every count with what it is of", async () => {
  const { user, host, container } = await renderAt("/redaction?tab=rehearse", {
    ...ANSWERS,
    "redaction.rehearse": { job: 7301 },
  });
  expect(await screen.findByText("Nothing was rehearsed yet")).toBeVisible();
  expect(await screen.findByRole("link", { name: "40 calls" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Rehearse" }));
  expect(host.asked.find((one) => one.name === "redaction.rehearse")?.input).toEqual({
    from: "default",
    to: "claims",
    query: "",
  });
  host.tell({ type: "job", job: job({}) });
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  expect(host.asked.some((one) => one.name === "jobs.cancel")).toBe(true);
  host.tell({ type: "job", job: job({ state: "done", result: rehearsal() }) });
  const counts = within(await screen.findByLabelText("Of 40 calls"));
  expect(counts.getByText("Newly exposed").nextSibling).toHaveTextContent("1of 40 · 2.5 %");
  expect(counts.getByText("Not evaluable").nextSibling).toHaveTextContent("4of 40 · 10.0 %");
  expect(screen.getByText(/4 calls: the record holds no text/)).toBeVisible();
  const rule = within(screen.getByRole("region", { name: "Exposed by rule" }));
  expect(rule.getByText("2 of 3 · 66.7 %")).toBeVisible();
  expect(rule.getByText("The new policy finds it and keeps it.")).toBeVisible();
  const calls = within(screen.getByRole("region", { name: "Exposed calls" }));
  expect(calls.getByRole("link")).toHaveAttribute("href", expect.stringContaining(ID));
  expect(screen.getByText("What neither finds is not counted.")).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a rehearsal without exposure says of how much, and a stopped one shows no part", async () => {
  const { host } = await renderAt("/redaction?tab=rehearse", ANSWERS);
  const none = rehearsal({ newly_exposed: 0, exposed_by_rule: [], exposed_calls: [] });
  host.tell({ type: "job", job: job({ id: 7302, state: "done", result: none }) });
  expect(await screen.findByText(/Nothing that the old policy hides would show/)).toHaveTextContent(
    "90 fields that was compared. What becomes of the rest of 2 calls is not known",
  );
  expect(screen.queryByRole("region", { name: "Exposed calls" })).toBeNull();
  host.tell({ type: "job", job: job({ id: 7303, state: "cancelled" }) });
  expect(await screen.findByText(/Stopped/)).toBeVisible();
  expect(screen.queryByLabelText("Of 40 calls")).toBeNull();
});

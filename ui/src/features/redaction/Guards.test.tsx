import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { FoundOf, GuardLine, GuardPlan, GuardRow, GuardRun, GuardRunRow, Sinks } from "@/lib/bindings";
import { endedJob, policy } from "../../../tests/fake-lab";
import { fill } from "../../../tests/fill";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const GUARD: GuardRow = {
  name: "rail",
  kind: "bedrock",
  base_url: "https://bedrock-runtime.eu-west-1.amazonaws.com",
  destination: "bedrock-runtime.eu-west-1.amazonaws.com:443",
  is_loopback: false,
  region: "eu-west-1",
  auth: "sigv4",
  guardrail: "gr1",
  version: "3",
  as_output: false,
  language: null,
  text_field: null,
  claims: [],
  private: false,
  per_second: null,
  key: "none",
  key_last4: null,
  key_variable: "ASSAY_KEY_GUARD_RAIL",
};

const PLAN: GuardPlan = {
  id: "guard-1",
  guard: "rail",
  kind: "bedrock",
  destination: GUARD.destination,
  is_loopback: false,
  texts: 550,
  planted: 500,
  clean: 50,
  bytes: 61_000,
  seed: 1,
  sha256: "ab".repeat(32),
  policy: "default",
  policy_version: "3",
  cost_usd: "0.055",
  cost_note: "550 text units.",
  phrase: "send 550 texts to bedrock",
  examples: ["Please check: e-mail: amber@example.com."],
};

const ROW: GuardRunRow = {
  id: "guard-1",
  guard: "rail",
  kind: "bedrock",
  destination: GUARD.destination,
  state: "done",
  started_at: "2026-11-01T08:00:00Z",
  finished_at: "2026-11-01T08:01:00Z",
  texts: 550,
  judged: 540,
  planted: 500,
  judged_planted: 490,
  guard_found: 200,
  local_found: 470,
  policy: "default",
  policy_version: "3",
};

function found(found: number, of: number, low: number | null = null): FoundOf {
  return { found, partly: 0, of, low, high: low === null ? null : low + 0.1 };
}

function line(change: Partial<GuardLine> = {}): GuardLine {
  return {
    entity_type: "EMAIL_ADDRESS",
    writing: null,
    claimed: "claimed",
    guard_names: ["EMAIL"],
    guard: found(28, 40, 0.55),
    local: found(40, 40, 0.9),
    both: 28,
    only_guard: 0,
    only_local: 12,
    neither: 0,
    no_answer: 0,
    found_as: [{ name: "EMAIL", count: 28 }],
    ...change,
  };
}

const RUN: GuardRun = {
  run: ROW,
  all: line({ entity_type: null, guard_names: [], found_as: [] }),
  not_claimed: line({ entity_type: null, claimed: "not_claimed", guard: found(1, 60), local: found(60, 60) }),
  by_type: [
    line(),
    line({ entity_type: "GITHUB_TOKEN", claimed: "not_claimed", guard_names: [], guard: found(0, 9) }),
  ],
  by_writing: [line({ entity_type: null, writing: "base64", guard_names: [], found_as: [] })],
  cells: [line({ writing: "plain" })],
  clean_guard: found(2, 50, 0.01),
  clean_local: found(0, 50, 0),
  faults: [{ name: "timeout", count: 10 }],
  stopped: null,
  cost_usd: "0.054",
  notes: ["All values are planted."],
};

const BASE = { "redaction.policies": [policy()], "redaction.guards": [], "redaction.guard_runs": [] };

test("no guard yet says what a guard is and that only synthetic texts are sent", async () => {
  const { container } = await renderAt("/redaction?tab=guards", BASE);
  expect(await screen.findByText("No guard yet")).toBeVisible();
  expect(screen.getByText(/Only synthetic texts are sent/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("nothing can be sent before the plan was read and its phrase typed", async () => {
  const { user, host } = await renderAt("/redaction?tab=guards", {
    ...BASE,
    "redaction.guards": [GUARD],
    "redaction.plan_guard": PLAN,
  });
  expect(await screen.findByText(/No key yet/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Measure…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Measure rail" }));
  expect(dialog.queryByRole("button", { name: /^Send/ })).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Make a plan" }));
  const send = await dialog.findByRole("button", { name: /^Send 550 texts to bedrock/ });
  expect(send).toBeDisabled();
  expect(dialog.getByText(/No stored call is sent/)).toBeVisible();
  expect(dialog.getByText(/outside this computer/)).toBeVisible();
  expect(await accessibilityProblems(document.body)).toEqual([]);
  await fill(user, dialog.getByLabelText(/To confirm, type/), "send 550 texts to bedrock");
  expect(send).toBeEnabled();
  // Another choice makes the plan void.
  await user.type(dialog.getByLabelText("Seed"), "2");
  expect(dialog.queryByRole("button", { name: /^Send/ })).toBeNull();
  expect(host.asked.some((call) => call.name === "redaction.run_guard")).toBe(false);
});

test("a run tells what was not judged, what is too few to judge and what is not claimed", async () => {
  const { user, container } = await renderAt("/redaction?tab=guards&run=guard-1", {
    ...BASE,
    "redaction.guard_run": RUN,
    "redaction.guard_cases": {
      count: 12,
      cases: [
        {
          id: "canary-1-3",
          entity_type: "EMAIL_ADDRESS",
          writing: "plain",
          field: "user_message",
          language: "en",
          before: "Please check: ",
          planted: "amber.birch@example.com",
          after: ".",
          guard: "missed",
          local: "found",
        },
      ],
    },
  });
  expect(await screen.findByText(/540 of 550 texts · 10 not: no answer in time 10/)).toBeVisible();
  const table = within(screen.getByRole("region", { name: "Guard and local rules" }));
  expect(table.getAllByText("too few to judge").length).toBeGreaterThan(0);
  expect(table.getByText("not claimed")).toBeVisible();
  expect(screen.getByText(/guard 1 of 60, local rules 60 of 60/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(table.getByRole("button", { name: "12 found by the local rules alone: EMAIL_ADDRESS" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText("amber.birch@example.com")).toBeVisible();
  expect(dialog.getByText(/The first 1 of 12 texts/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Close" }));
});

const SINKS: Sinks = {
  query: "",
  matching: 40,
  several: 12,
  looked: 12,
  policy: "default",
  policy_version: "3",
  pairs: [
    {
      one: "bedrock",
      other: "litellm",
      one_title: "Bedrock invocation log",
      other_title: "LiteLLM",
      together: 12,
      compared: 10,
      not_compared: [{ name: "no text in LiteLLM", count: 2 }],
      nothing_found: 3,
      calls_clear_in_one: 6,
      calls_clear_in_other: 0,
      by_type: [
        { entity_type: "EMAIL_ADDRESS", clear_in_both: 1, clear_in_one: 7, clear_in_other: 0, unclear: 2 },
      ],
      examples_one: ["3a2f767fef6257ce0184b8f6594d87ec"],
      examples_other: [],
    },
  ],
};

test("sinks tell what one source holds in clear and the other masks, of how many", async () => {
  const { user, host, container } = await renderAt("/redaction?tab=sinks", {
    ...BASE,
    "trail.count": { matching: 40, stored: 50 },
    "redaction.sinks": { job: 7501 },
  });
  expect(await screen.findByText("Nothing was compared yet")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Compare the sources" }));
  host.tell({ type: "job", job: endedJob(7501, "redaction.sinks", SINKS) });
  const panel = within(await screen.findByRole("region", { name: "Bedrock invocation log and LiteLLM" }));
  expect(panel.getByText(/10 of 12 calls that both recorded were compared/)).toBeVisible();
  expect(panel.getByText(/2, no text in LiteLLM/)).toBeVisible();
  expect(panel.getByRole("link", { name: /3a2f/ })).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

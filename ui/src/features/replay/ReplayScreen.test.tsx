import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { BackendRow } from "@/lib/bindings";
import { plan, planItem, policy, replayRun, runItem } from "../../../tests/fake-lab";
import { fill } from "../../../tests/fill";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

function backend(change: Partial<BackendRow> = {}): BackendRow {
  return {
    name: "sandbox",
    kind: "private",
    dialect: "anthropic",
    base_url: "embedded",
    place: "this computer",
    auth: "none",
    model: null,
    private: true,
    builtin: true,
    key: "not_needed",
    key_last4: null,
    ...change,
  };
}

const LIVE = backend({
  name: "direct",
  kind: "claude_api",
  base_url: "https://api.example.com",
  place: null,
  auth: "x_api_key",
  builtin: false,
  key: "keychain",
  key_last4: "7QK4",
});

const ANSWERS = {
  "redaction.policies": [policy()],
  "replay.backends": [backend(), LIVE],
  "replay.runs": [],
  "trail.count": { matching: 9, stored: 100 },
  "replay.plan": plan(),
  "replay.start": { job: 5 },
};

test("the sandbox needs no budget and no phrase, and says that nothing leaves this computer", async () => {
  const { user, host, container } = await renderAt("/replay", ANSWERS);
  await user.click(await screen.findByRole("button", { name: "Plan" }));
  expect(await screen.findByText("Nothing leaves this computer.")).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Start replay in the sandbox" }));
  expect(host.asked).toContainEqual({ name: "replay.start", input: { plan: "plan-1" } });
});

test("a live run starts only with a budget and the phrase typed", async () => {
  const live = plan({
    backend: "direct",
    destination: "api.example.com:443",
    place: null,
    phrase: "send 1 call to api.example.com:443",
    budget_usd: "2.50",
  });
  const { user, host } = await renderAt("/replay", { ...ANSWERS, "replay.plan": live });
  await user.click(await screen.findByRole("radio", { name: /direct/ }));
  expect(screen.getByText(/Key in the keychain, ends in 7QK4/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Plan" }));
  expect(await screen.findByText("A live run needs a budget.")).toBeVisible();
  await user.type(screen.getByLabelText("Budget in US dollars"), "2.50");
  await user.click(screen.getByRole("button", { name: "Plan" }));
  await user.click(await screen.findByRole("button", { name: "Start replay, up to $2.50" }));
  const dialog = within(await screen.findByRole("dialog"));
  const start = dialog.getByRole("button", { name: "Start replay, up to $2.50" });
  expect(start).toBeDisabled();
  await fill(user, dialog.getByRole("textbox"), "send 1 call to api.example.com:443");
  expect(start).toBeEnabled();
  await user.click(start);
  expect(host.asked).toContainEqual({
    name: "replay.start",
    input: { plan: "plan-1", budget_usd: "2.50", phrase: "send 1 call to api.example.com:443" },
  });
});

test("a plan of other choices can't be started", async () => {
  const { user } = await renderAt("/replay", ANSWERS);
  await user.click(await screen.findByRole("button", { name: "Plan" }));
  await screen.findByRole("button", { name: "Start replay in the sandbox" });
  await user.clear(screen.getByLabelText("At most"));
  await user.type(screen.getByLabelText("At most"), "5");
  expect(screen.queryByRole("button", { name: /Start replay/ })).toBeNull();
  expect(screen.getByText("The choices changed since this plan. Plan again.")).toBeVisible();
});

test("refusals are counted by reason, and calls without a price are named", async () => {
  const mixed = plan({
    backend: "direct",
    sendable: 1,
    refused: 2,
    cost_unknown: 1,
    items: [
      planItem({ cost_low_usd: null, cost_expected_usd: null, cost_high_usd: null }),
      planItem({ call_id: "b".repeat(32), verdict: "refused", reason: "the record holds no request text" }),
      planItem({ call_id: "c".repeat(32), verdict: "refused", reason: "the record holds no request text" }),
    ],
  });
  const { user } = await renderAt("/replay", { ...ANSWERS, "replay.plan": mixed });
  await user.click(await screen.findByRole("button", { name: "Plan" }));
  expect(await screen.findByText("2 calls: the record holds no request text")).toBeVisible();
  expect(screen.getByText(/1 call, not sent: no budget could hold them/)).toBeVisible();
  expect(screen.getByText(/cost unknown/)).toBeVisible();
});

test("a run shows its counts of all calls and the difference with signs", async () => {
  const run = replayRun({ calls: 3, not_run: 1, spent_unknown: 1, budget_usd: "1", state: "stopped" });
  const { user, container } = await renderAt("/replay/run-1", {
    ...ANSWERS,
    "replay.show": run,
    "replay.comparison": ({ call_id }) => ({
      item: runItem({ call_id }),
      diff: [
        { change: "equal", text: "It is " },
        { change: "removed", text: "cold" },
        { change: "added", text: "warm" },
      ],
      differs: [{ field: "stop_reason", here: "end_turn", there: null }],
    }),
  });
  expect(await screen.findByText("the cost of 1 sent call is not known", { exact: false })).toBeVisible();
  expect(screen.getAllByText(/of 3/).length).toBeGreaterThan(3);
  expect(screen.getByText("Unknown")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "aaaaaaaa…aaaa" }));
  const diff = await screen.findByRole("region", { name: "Difference word by word" });
  expect(diff.querySelector("del")).toHaveTextContent("removed: −cold");
  expect(diff.querySelector("ins")).toHaveTextContent("added: +warm");
  expect(container.textContent).not.toMatch(/better|worse/i);
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("an answer with nothing to compare it with is counted apart, and is no difference", async () => {
  const alone = runItem({
    state: "not_compared",
    similarity: null,
    detail: "the record holds no answer to compare with",
  });
  const { user, container } = await renderAt("/replay/run-1", {
    ...ANSWERS,
    "replay.show": replayRun({ calls: 4, compared: 3, same: 1, changed: 2, not_compared: 1, items: [alone] }),
    "replay.comparison": { item: alone, diff: [{ change: "added", text: "It is warm." }], differs: [] },
  });
  const counts = (await screen.findByLabelText("Of 4 calls")).textContent;
  expect(counts).toContain("Same1 of 3 compared · 33.3 %");
  expect(counts).toContain("Changed2 of 3 compared · 66.7 %");
  expect(counts).toContain("Not compared1 of 4 · 25.0 %");
  expect(counts).not.toContain("Unknown");
  await user.click(screen.getByRole("button", { name: "aaaaaaaa…aaaa" }));
  expect(await screen.findByRole("region", { name: "New answer" })).toHaveTextContent("It is warm.");
  expect(container.querySelector("ins")).toBeNull();
  expect(await accessibilityProblems(container)).toEqual([]);
});

import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Job } from "@/lib/bindings";
import { wireError } from "../../../tests/fakeHost";
import { checkSummary, finding } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const SUMMARY = checkSummary({
  findings: [
    finding(),
    finding({
      id: "f2",
      deployment: "support",
      verdict: "unknown",
      counted: 0,
      of: 40,
      unknown: 40,
      title: "40 calls don't say.",
    }),
    finding({
      id: "f3",
      check: "secrets",
      check_title: "Secrets",
      verdict: "met",
      counted: 0,
      title: "No secret.",
    }),
  ],
});

const JOB: Job = {
  id: 7,
  command: "checks.run",
  title: "Running the checks",
  phase: "checking claims",
  done: 1,
  total: 4,
  unit: "deployments",
  rate: null,
  eta_s: null,
  counts: {},
  state: "running",
  result: null,
  error: null,
  elapsed_ms: 10,
};

test("before the first run nothing is shown as met", async () => {
  await renderAt("/checks", { "checks.findings": checkSummary({ ran_at: null }) });
  expect(await screen.findByRole("heading", { name: "The checks haven't run yet" })).toBeVisible();
  expect(screen.queryByText(/\bmet\b.*of/)).toBeNull();
});

test("the sentence counts every verdict of all answers", async () => {
  await renderAt("/checks", { "checks.findings": SUMMARY });
  expect(await screen.findByRole("link", { name: "1 not met" })).toBeVisible();
  expect(screen.getByRole("link", { name: "1 unknown" })).toBeVisible();
  expect(screen.getByText(/of 3 answers/)).toBeVisible();
});

test("what could not be judged has no count", async () => {
  await renderAt("/checks", { "checks.findings": SUMMARY });
  const row = within(await screen.findByRole("row", { name: /40 calls don't say/ }));
  expect(row.getByText("Unknown")).toBeVisible();
  expect(row.getByLabelText("not recorded")).toBeVisible();
  expect(row.queryByText(/^0 of/)).toBeNull();
});

test("filters live in the address", async () => {
  await renderAt("/checks?verdict=unknown", { "checks.findings": SUMMARY });
  expect(await screen.findByText("1 of 3 answers")).toBeVisible();
  expect(screen.queryByText("No secret.")).toBeNull();
});

test("answers that are older than the trail say so", async () => {
  await renderAt("/checks", { "checks.findings": { ...SUMMARY, since: 412, changed: ["claims"] } });
  expect(await screen.findByText(/412 records imported since/)).toBeVisible();
  expect(screen.getByText(/settings changed since: claims/)).toBeVisible();
});

test("running checks show how far they are and can be stopped", async () => {
  const { host, user } = await renderAt("/checks", { "checks.findings": SUMMARY, "jobs.cancel": {} });
  await screen.findByText(/of 3 answers/);
  act(() => host.tell({ type: "job", job: JOB }));
  expect(await screen.findByText("checking claims")).toBeVisible();
  expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuetext", "1 of 4 deployments");
  expect(screen.getByRole("button", { name: "Run checks" })).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "Stop" }));
  expect(host.asked.find((asked) => asked.name === "jobs.cancel")?.input).toEqual({ job: 7 });
  act(() => host.tell({ type: "job", job: { ...JOB, state: "cancelled" } }));
  expect(screen.getByRole("button", { name: "Run checks" })).toBeEnabled();
});

test("an error shows its code", async () => {
  await renderAt("/checks", { "checks.findings": wireError("store_locked", "another window writes") });
  expect(await screen.findByText("store_locked")).toBeVisible();
});

test("the checks are accessible", async () => {
  const { container } = await renderAt("/checks", { "checks.findings": SUMMARY });
  await screen.findByRole("row", { name: /40 calls don't say/ });
  expect(await accessibilityProblems(container)).toEqual([]);
});

import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ExportDialog } from "@/features/trail/ExportDialog";
import type { ExportPlan } from "@/lib/bindings";
import { setHost } from "@/lib/host";
import { listenToJobs } from "@/lib/jobs";
import { client } from "@/lib/query";
import { fakeHost } from "../../../tests/fakeHost";
import { job } from "../../../tests/records";

const PLAN: ExportPlan = {
  rows: 12_000,
  columns: [
    { name: "id", standard: true, text: false },
    { name: "status", standard: true, text: false },
    { name: "source_ip", standard: false, text: false },
    { name: "request", standard: false, text: true },
  ],
  bytes: 4_200_000,
  sheets: null,
  policy: "default",
  policy_version: "3",
  notes: [],
};
const WRITTEN = {
  path: "/out/calls.csv",
  handle: "file",
  manifest: "/out/calls.csv.manifest.json",
  manifest_handle: "manifest",
  format: "csv",
  records: "calls",
  rows: 12_000,
  sheets: null,
  bytes: 4_100_000,
  sha256: "ab".repeat(32),
  text: "masked",
  leaf: 12_001,
  written_leaf: 12_002,
};

let stop: (() => void) | undefined;
afterEach(() => stop?.());
beforeEach(() => client.clear());

function show(records: "calls" | "activities" = "calls", plan = PLAN) {
  const host = fakeHost({
    "jobs.list": [],
    "trail.plan_export": plan,
    "trail.export": { job: 4721 },
    "trail.export_originals": { job: 4722 },
    "jobs.cancel": {},
    "approvals.standing": { needed: false, request: null, free: true },
  });
  setHost(host);
  stop = listenToJobs();
  render(
    <QueryClientProvider client={client}>
      <ExportDialog query="status:error" records={records} isOpen onClosed={() => undefined} />
    </QueryClientProvider>,
  );
  const inputs = (name: string) => host.asked.filter((one) => one.name === name).map(({ input }) => input);
  return { host, inputs, user: userEvent.setup() };
}

const go = () => screen.findByRole("button", { name: "Choose a place and export" });

test("how much it is stands there before, and what was written after", async () => {
  const { host, inputs, user } = show();
  expect(await screen.findByRole("heading", { name: "Export 12,000 calls?" })).toBeVisible();
  expect(screen.getByText(/About 4\.2 MB, 12,000 rows/)).toBeVisible();
  expect(screen.getByText("2 of 4 columns")).toBeVisible();
  await user.click(await go());
  await waitFor(() =>
    expect(inputs("trail.export")).toEqual([{ query: "status:error", records: "calls", format: "csv" }]),
  );
  expect(host.confirmed).toEqual([]);
  act(() => host.tell({ type: "job", job: job({ id: 4721, state: "done", result: WRITTEN }) }));
  expect(await screen.findByRole("heading", { name: "Export written" })).toBeVisible();
  expect(screen.getByText(/12,000 calls/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Download the manifest" })).toBeVisible();
});

test("columns and format are chosen, and the standard ones are not named", async () => {
  const { inputs, user } = show();
  await user.click(await screen.findByRole("radio", { name: /JSON Lines/ }));
  await user.click(screen.getByText("2 of 4 columns"));
  await user.click(screen.getByRole("checkbox", { name: /request text/ }));
  await user.click(screen.getByRole("checkbox", { name: "status" }));
  await user.click(await go());
  await waitFor(() =>
    expect(inputs("trail.export")).toEqual([
      { query: "status:error", records: "calls", format: "jsonl", columns: ["id", "request"] },
    ]),
  );
});

test("the original needs a reason of ten characters, and a confirmation outside the page", async () => {
  const { host, inputs, user } = show();
  await user.click(await screen.findByRole("radio", { name: /^Original/ }));
  expect(await go()).toBeDisabled();
  await user.type(screen.getByRole("textbox", { name: /Why/ }), "because it is");
  await user.click(await go());
  const input = { query: "status:error", format: "csv", reason: "because it is" };
  await waitFor(() => expect(inputs("trail.export_originals")).toEqual([input]));
  expect(host.confirmed).toEqual([{ name: "trail.export_originals", input }]);
});

test("a running export is stopped by Stop, and says what went wrong otherwise", async () => {
  const { host, inputs, user } = show();
  host.answer("trail.export", { job: 9 });
  await user.click(await go());
  act(() => host.tell({ type: "job", job: job({ id: 9, command: "trail.export" }) }));
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  expect(inputs("jobs.cancel")).toEqual([{ job: 9 }]);
  const error = { code: "file_unwritable" as const, message: "no space is left", hint: "free some space" };
  act(() => host.tell({ type: "job", job: job({ id: 9, state: "failed", error }) }));
  expect(await screen.findByRole("alert")).toHaveTextContent("No space is left. Free some space.");
});

test("activities have no original text and no pack", async () => {
  show("activities", { ...PLAN, rows: 1 });
  expect(await screen.findByRole("heading", { name: "Export 1 activity?" })).toBeVisible();
  expect(screen.queryByRole("radio", { name: /Original|pack/ })).toBeNull();
});

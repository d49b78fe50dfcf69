import { render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { ToastRegion } from "@/app/ToastRegion";
import type { JsonValue } from "@/lib/bindings";
import { setHost } from "@/lib/host";
import { importFiles } from "@/lib/importing";
import { listenToJobs } from "@/lib/jobs";
import { client } from "@/lib/query";
import { closeToasts } from "@/lib/toasts";
import { fakeHost } from "../../tests/fakeHost";
import { job } from "../../tests/records";

const DONE = { accepted: 3, duplicates: 0, rejected: 0, calls: 3, activities: 0, batches: [], failed: [] };
let last = 0;

beforeEach(() => {
  client.clear();
  closeToasts();
});

/** What is told of an import that ended so. */
async function told(result: JsonValue): Promise<HTMLElement> {
  last += 1;
  const host = fakeHost({ "jobs.list": [], "imports.start": { job: last } });
  setHost(host);
  listenToJobs();
  render(<ToastRegion />);
  const running = importFiles([{ handle: "1", name: "log.jsonl", size_bytes: null }]);
  await Promise.resolve();
  host.tell({ type: "job", job: job({ id: last, state: "done", result }) });
  await running;
  return screen.findByRole("status");
}

test("an import of all that was chosen is told as done", async () => {
  const toast = await told(DONE);
  expect(toast).toHaveTextContent("Imported 3 records");
  expect(within(toast).queryByText("Not all:")).toBeNull();
});

test("rejected lines and files that were not read are not told as done", async () => {
  const toast = await told({ ...DONE, accepted: 0, rejected: 3 });
  expect(toast).toHaveTextContent("Not all: Imported 0 records · 3 lines rejected");
});

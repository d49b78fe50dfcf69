// @vitest-environment node
import { beforeEach, expect, test } from "vitest";
import type { Job } from "@/lib/bindings";
import { setHost } from "@/lib/host";
import { listenToJobs, run } from "@/lib/jobs";
import { client } from "@/lib/query";
import { type FakeHost, fakeHost, wireError } from "../../tests/fakeHost";
import { job } from "../../tests/records";

const DONE = { accepted: 3, duplicates: 0, rejected: 0, calls: 3, activities: 0, batches: [], failed: [] };
let last = 100;

function begun(answers: Parameters<typeof fakeHost>[0]): FakeHost {
  const host = fakeHost({ "jobs.list": [], ...answers });
  setHost(host);
  listenToJobs();
  return host;
}

function tell(host: FakeHost, change: Partial<Job>): void {
  host.tell({ type: "job", job: job({ id: last, ...change }) });
}

beforeEach(() => {
  last += 1;
  client.clear();
});

test("a job answers its result at its end", async () => {
  const host = begun({ "imports.start": { job: last } });
  const heard: number[] = [];
  const running = run("imports.start", { handles: [] }, (id) => heard.push(id));
  await Promise.resolve();
  tell(host, { state: "running" });
  tell(host, { state: "done", result: DONE });
  await expect(running).resolves.toEqual(DONE);
  expect(heard).toEqual([last]);
});

test("a job that ends before the answer of its start arrives is not waited for", async () => {
  const host: FakeHost = begun({
    "imports.start": () => {
      tell(host, { state: "running" });
      tell(host, { state: "done", result: DONE });
      return { job: last };
    },
  });
  await expect(run("imports.start", { handles: [] })).resolves.toEqual(DONE);
});

test.for([
  ["failed", wireError("store_damaged", "a page can't be read"), "store_damaged"],
  ["cancelled", null, "cancelled"],
] as const)("a job that is %s rejects with its error", async ([state, error, code]) => {
  const host: FakeHost = begun({
    "imports.start": () => {
      tell(host, { state, error });
      return { job: last };
    },
  });
  await expect(run("imports.start", { handles: [] })).rejects.toMatchObject({ code });
});

test("a job that can't be started rejects with the refusal", async () => {
  begun({ "imports.start": wireError("bad_input", "no such handle") });
  await expect(run("imports.start", { handles: ["x"] })).rejects.toMatchObject({ code: "bad_input" });
});

test("a window that lost its events learns how jobs ended, and asks anew", async () => {
  const host = begun({ "imports.start": { job: last } });
  client.setQueryData(["trail.count", { query: "" }], { matching: 0, stored: 0 });
  const running = run("imports.start", { handles: [] });
  await Promise.resolve();
  host.answer("jobs.list", [job({ id: last, state: "done", result: DONE })]);
  host.lose();
  await expect(running).resolves.toEqual(DONE);
  expect(client.getQueryState(["trail.count", { query: "" }])?.isInvalidated).toBe(true);
});

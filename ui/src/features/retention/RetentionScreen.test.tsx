import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Erased, FoundSubject, HoldRow, Requests, RetentionStatus } from "@/lib/bindings";
import type { FakeHost } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { job } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const STATUS: RetentionStatus = {
  rule: { days: 90, set_by: "auditor", set_at: "2026-11-01T10:00:00.000Z" },
  due: { records: 12, held: 3, from_day: "2026-01-01", to_day: "2026-01-04", keys: 4, packs: 1 },
  records: 2_000,
  erased: 7,
  held: 5,
  holds_in_force: 1,
  requests_waiting: 1,
  erasures_open: 0,
  phrase: "dispose of text older than 90 days",
  says: ["Text is kept for 90 whole days."],
  not_reached: ["Backups of the store's folder."],
};

const HOLD: HoldRow = {
  name: "case-7",
  records: "calls",
  query: "principal:ann*",
  reason: "the court asked for it",
  set_by: "auditor",
  set_at: "2026-11-01T10:00:00.000Z",
  review_at: "2026-11-02T00:00:00.000Z",
  review_due: true,
  held: 3,
  released_by: null,
  released_at: null,
  release_reason: null,
  leaf: 40,
};

const REQUESTS: Requests = {
  requests: [
    {
      request: "ticket-12",
      basis: "objection",
      made_by: "auditor",
      made_at: "2026-11-01T10:00:00.000Z",
      records: 5,
      erased: 3,
      waiting: 2,
      holds: [{ hold: "case-7", records: 2 }],
      state: "blocked",
      phrase: null,
    },
  ],
  erasures: [
    {
      leaf: 41,
      kind: "subject",
      basis: "objection",
      request: "ticket-12",
      begun_at: "2026-11-01T10:00:00.000Z",
      done_leaf: 42,
      done_at: "2026-11-01T10:00:01.000Z",
      records: 3,
      destroyed: { bodies: 3, files: 0 },
    },
  ],
  bases: [{ name: "objection", title: "The person objects" }],
};

const FOUND: FoundSubject = {
  found: "f-1",
  identifiers: [{ masked: "a…g (15 characters)", records: 4 }],
  records: 5,
  calls: 4,
  activities: 1,
  others: 0,
  joined: 1,
  in_conversations: 0,
  conversations_beside: 2,
  searched: 2_000,
  unreadable: 0,
  places: [{ what: "principal", count: 4 }],
  also: [{ what: "file names of imports", count: 1 }],
  files: [{ name: "reports/one.pdf", bytes: 12, why: "unsearchable" }],
  to_decide: [],
  held: 2,
  holds: [{ hold: "case-7", records: 2 }],
  not_searched: ["Other spellings."],
  not_reached: ["Backups of the store's folder."],
  phrase: "erase 5 records",
};

const ANSWERS = {
  "retention.status": STATUS,
  "retention.requests": REQUESTS,
  "retention.holds": [HOLD],
  "approvals.standing": { needed: false, free: true, request: null },
  "trail.count": { matching: 4, stored: 10 },
};

/** Ends a job with a result; each test has its own, since a window remembers all of them. */
function end(host: FakeHost, id: number, command: string, result: Erased | FoundSubject): void {
  host.tell({ type: "job", job: job({ id, command, state: "done", result }) });
}

test.each(["rule", "holds", "person", "requests"])("the part %s is accessible", async (tab) => {
  const { container } = await renderAt(`/retention?tab=${tab}`, ANSWERS);
  await screen.findByRole("tabpanel");
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("what is due is shown with its denominator, and without a rule as not known", async () => {
  const { host } = await renderAt("/retention", ANSWERS);
  expect(await screen.findByText("12 of 2,000 records")).toBeVisible();
  expect(screen.getByText("Overdue")).toBeVisible();
  host.answer("retention.status", { ...STATUS, rule: null, phrase: null });
  host.tell({ type: "changed", tags: ["retention"] });
  expect(await screen.findByText("Without a rule it isn't known what is due.")).toBeVisible();
  expect(screen.queryByText("Nothing is due")).toBeNull();
});

test("disposal needs the phrase, and a confirmation outside the page", async () => {
  const { user, host } = await renderAt("/retention", { ...ANSWERS, "retention.dispose": { job: 71 } });
  await user.click(await screen.findByRole("button", { name: "Dispose of it…" }));
  const dialog = screen.getByRole("dialog");
  const dispose = within(dialog).getByRole("button", { name: "Dispose" });
  expect(dispose).toBeDisabled();
  await fill(user, within(dialog).getByRole("textbox"), STATUS.phrase ?? "");
  await user.click(dispose);
  expect(host.confirmed).toEqual([{ name: "retention.dispose", input: { phrase: STATUS.phrase } }]);
  end(host, 71, "retention.dispose", {
    erasure: REQUESTS.erasures[0] ?? null,
    held: 3,
    holds: [],
    left: null,
    says: ["The text of 3 records was erased."],
  });
  expect(await screen.findByRole("heading", { name: "3 records erased" })).toBeVisible();
});

test("a hold is released by its reason and its query, and by nothing else", async () => {
  const { user, host } = await renderAt("/retention?tab=holds", {
    ...ANSWERS,
    "retention.release_hold": { ...HOLD, released_at: "2026-11-03T10:00:00.000Z" },
  });
  await user.click(await screen.findByRole("button", { name: "Release case-7" }));
  const release = screen.getByRole("button", { name: "Release the hold" });
  await fill(user, screen.getByRole("textbox", { name: "Reason" }), "the case is closed");
  await fill(user, screen.getByRole("textbox", { name: /Type its query/ }), "principal:*");
  expect(release).toBeDisabled();
  await user.clear(screen.getByRole("textbox", { name: /Type its query/ }));
  await fill(user, screen.getByRole("textbox", { name: /Type its query/ }), HOLD.query);
  await user.click(release);
  expect(host.confirmed[0]).toEqual({
    name: "retention.release_hold",
    input: { name: "case-7", reason: "the case is closed", scope: HOLD.query },
  });
});

test("a person's records are searched, shown in counts and erased on a request", async () => {
  const { user, host, router } = await renderAt("/retention?tab=person", {
    ...ANSWERS,
    "retention.find_subject": { job: 72 },
    "retention.erase": { job: 73 },
  });
  await fill(user, await screen.findByRole("textbox", { name: /By what/ }), "ann@example.org");
  await user.click(screen.getByRole("button", { name: "Search the store" }));
  end(host, 72, "retention.find_subject", FOUND);
  expect(await screen.findByText("3 of 2,000 records searched")).toBeVisible();
  expect(screen.getByText("2 records blocked by hold case-7")).toBeVisible();
  expect(router.state.location.href).not.toContain("ann");
  await user.click(screen.getByRole("button", { name: "Erase it…" }));
  const erase = screen.getByRole("button", { name: "Erase" });
  await fill(user, screen.getByRole("textbox", { name: "Request" }), "ticket-12");
  expect(erase).toBeDisabled();
  await fill(user, screen.getByRole("textbox", { name: /type erase 5 records/ }), FOUND.phrase);
  await user.click(erase);
  const input = {
    found: "f-1",
    request: "ticket-12",
    basis: "objection",
    phrase: FOUND.phrase,
    unsearchable_files: false,
  };
  expect(host.confirmed).toEqual([{ name: "retention.erase", input }]);
});

test("a request says what blocks it, and an erasure its leaves", async () => {
  await renderAt("/retention?tab=requests", ANSWERS);
  expect(await screen.findByText("2 records blocked by hold case-7")).toBeVisible();
  expect(screen.getByText("3 of 5")).toBeVisible();
  expect(screen.queryByRole("button", { name: /Erase what waits/ })).toBeNull();
  expect(screen.getByText("3 bodies")).toBeVisible();
});

import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { Notes } from "@/features/trail/Notes";
import type { CallNotes, NoteRow } from "@/lib/bindings";
import { setHost } from "@/lib/host";
import { client } from "@/lib/query";
import { fakeHost, wireError } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { renderAt } from "../../../tests/renderAt";

const NOTE: NoteRow = {
  id: 1,
  text: "ask the claims team",
  noted_by: "ann",
  noted_at: "2026-11-23T12:00:00.000Z",
  replaces: null,
  replaced_by: null,
  withdrawn_by: null,
  withdrawn_at: null,
  is_erased: false,
  leaf: 7,
};
const NONE: CallNotes = { call: "c1", notes: [], tags: [], tag_history: [], masked_by: "internal-default" };

beforeEach(() => client.clear());

function show(notes: CallNotes, isErased = false) {
  const host = fakeHost({
    "trail.notes": notes,
    "trail.add_note": notes,
    "trail.withdraw_note": notes,
    "trail.add_tag": wireError("bad_input", "a tag has lower-case letters", "for example `needs-review`"),
  });
  setHost(host);
  // Only its own routes are needed for the links of tags.
  render(
    <QueryClientProvider client={client}>
      <Notes id="c1" isErased={isErased} />
    </QueryClientProvider>,
  );
  return { host, user: userEvent.setup() };
}

const did = (host: ReturnType<typeof fakeHost>) => host.asked.filter((one) => one.name !== "trail.notes");

test("a note says who and when, and a correction names what it corrects", async () => {
  const { host, user } = show({ ...NONE, notes: [NOTE] });
  expect(await screen.findByText(/Note 1 by ann/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Correct note 1" }));
  await fill(user, screen.getByRole("textbox", { name: "A note that corrects note 1" }), "ask others");
  await user.click(screen.getByRole("button", { name: "Write the correction" }));
  await waitFor(() =>
    expect(did(host)).toEqual([
      { name: "trail.add_note", input: { id: "c1", text: "ask others", replaces: 1 } },
    ]),
  );
});

test("what was withdrawn, corrected or erased says so and can't be corrected", async () => {
  show({
    ...NONE,
    notes: [
      { ...NOTE, text: null, withdrawn_by: "bo", withdrawn_at: "2026-11-24T12:00:00.000Z" },
      { ...NOTE, id: 2, replaced_by: 3 },
      { ...NOTE, id: 3, text: null, is_erased: true },
    ],
  });
  expect(await screen.findByText(/Withdrawn by bo/)).toBeVisible();
  expect(screen.getByText(/corrected by note 3/)).toBeVisible();
  expect(screen.getByText("Its text was erased with the record.")).toBeVisible();
  expect(screen.queryByRole("button", { name: /Correct note/ })).toBeNull();
});

test("on an erased record nothing can be written", async () => {
  show(NONE, true);
  expect(await screen.findByText(/could not be erased with it/)).toBeVisible();
  expect(screen.queryByRole("textbox")).toBeNull();
});

test("what a tag may not be is said", async () => {
  const { user } = show(NONE);
  await user.type(await screen.findByRole("textbox", { name: "Another tag" }), "Needs Review{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("A tag has lower-case letters");
});

test("a view is saved with the query that is shown, opened from the list, and deleted in two steps", async () => {
  const view = {
    name: "errors",
    records: "calls",
    query: "status:error",
    columns: [],
    saved_by: "ann",
    saved_at: "2026-11-23T12:00:00.000Z",
    leaf: 9,
  };
  const { host, router, user } = await renderAt("/trail?q=kind%3Abedrock", {
    "trail.views": [view],
    "trail.save_view": { ...view, name: "bedrock" },
    "trail.delete_view": {},
    "trail.count": { matching: 0, stored: 0 },
    "trail.histogram": { from_ms: null, to_ms: null, bar_ms: 0, bars: [], without_time: 0 },
    "trail.facets": [],
    "trail.calls": { calls: [], next: null },
    "trail.keys": [],
  });
  const choose = async (item: RegExp) => {
    await user.click(screen.getByRole("button", { name: "Views" }));
    await user.click(await screen.findByRole("menuitem", { name: item }));
  };
  await choose(/Save this query/);
  const dialog = await screen.findByRole("dialog");
  await fill(user, within(dialog).getByRole("textbox", { name: "Name" }), "bedrock");
  await user.click(within(dialog).getByRole("button", { name: "Save the view" }));
  await waitFor(() =>
    expect(host.asked).toContainEqual({
      name: "trail.save_view",
      input: { name: "bedrock", records: "calls", query: "kind:bedrock" },
    }),
  );
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await choose(/errors/);
  await waitFor(() => expect(router.state.location.search).toEqual({ q: "status:error" }));
  await choose(/Rename or delete/);
  await user.click(await screen.findByRole("button", { name: "Delete errors…" }));
  expect(screen.getByText("No record is affected when a view is deleted.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Delete errors" }));
  await waitFor(() =>
    expect(host.asked).toContainEqual({ name: "trail.delete_view", input: { name: "errors" } }),
  );
});

test("a view's columns are shown when it is opened, and left again", async () => {
  const view = {
    name: "costs",
    records: "calls",
    query: "",
    columns: ["model:240", "cost", "id:300"],
    saved_by: "ann",
    saved_at: "2026-11-23T12:00:00.000Z",
    leaf: 9,
  };
  const { host, router, user } = await renderAt("/trail?saved=9", {
    "trail.views": [view],
    "trail.save_view": { ...view, name: "again", leaf: 12 },
    "trail.count": { matching: 3, stored: 3 },
    "trail.histogram": { from_ms: null, to_ms: null, bar_ms: 0, bars: [], without_time: 0 },
    "trail.facets": [],
    "trail.calls": { calls: [], next: null },
    "trail.keys": [],
  });
  const heads = async () =>
    (await screen.findAllByRole("columnheader")).map((head) => head.textContent?.replace(/[^a-zA-Z ]/g, ""));
  expect(await heads()).toEqual(["Selected", "Model", "Cost", "Id"]);
  await user.click(screen.getByRole("button", { name: "View: costs" }));
  await user.click(await screen.findByRole("menuitem", { name: /Save this query/ }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText("Columns, with their widths: Model, Cost, Id.")).toBeVisible();
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "again");
  await user.click(within(dialog).getByRole("button", { name: "Save the view" }));
  await waitFor(() =>
    expect(host.asked).toContainEqual({
      name: "trail.save_view",
      input: { name: "again", records: "calls", query: "", columns: ["model:240", "cost:84", "id:300"] },
    }),
  );
  await waitFor(() => expect(router.state.location.search).toEqual({ saved: "12" }));
  await router.navigate({ to: "/trail", search: { saved: "9" } });
  await user.click(await screen.findByRole("button", { name: "View: costs" }));
  await user.click(await screen.findByRole("menuitem", { name: "Back to the usual columns" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
  await waitFor(async () => expect((await heads()).length).toBeGreaterThan(5));
});

import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { policy } from "../../../tests/fake-lab";
import { caseRow, run, set, tried } from "../../../tests/fake-sets";
import { fill } from "../../../tests/fill";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const ANSWERS = {
  "redaction.policies": [policy()],
  "redaction.sets": [set()],
  "redaction.run_set": run(),
  "redaction.cases": { cases: [caseRow()], more: false },
  "redaction.text": caseRow(),
  "redaction.recognizers": [],
  "redaction.label": caseRow(),
  "redaction.add_text": { set: "claims en", texts: [9], labels: 0, taken_for: [], empty: 0, held: 0 },
};

test("figures have their interval, and too few have none", async () => {
  const { container } = await renderAt("/redaction?tab=tests", ANSWERS);
  const table = within(await screen.findByRole("region", { name: "Figures by type" }));
  expect(table.getAllByText("0.900")).toHaveLength(2);
  expect(table.getAllByText("0.770–0.960")).toHaveLength(2);
  expect(table.getAllByText("Too few to judge")).toHaveLength(3);
  expect(screen.getByText(/Nothing in the policy finds CLAIM/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a missed count opens the texts behind it", async () => {
  const { user, host } = await renderAt("/redaction?tab=tests", ANSWERS);
  await user.click(await screen.findByRole("button", { name: "4 missed, Person: show the texts" }));
  expect(await screen.findByRole("heading", { name: "Texts with a missed person" })).toBeVisible();
  const last = host.asked.filter((one) => one.name === "redaction.cases").at(-1);
  expect(last?.input).toEqual({
    set: "claims en",
    policy: "default",
    which: "missed",
    entity_type: "PERSON",
  });
});

test("what was missed is selected, M is pressed, a type is chosen; code points are counted", async () => {
  const { user, host, container } = await renderAt("/redaction?tab=tests", ANSWERS);
  await user.click(await screen.findByRole("button", { name: "Open text 7" }));
  const area = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /select what was missed/ });
  area.focus();
  // "👩" is two units of UTF-16 and one code point.
  area.setSelectionRange(14, 18);
  await user.keyboard("m");
  const dialog = within(await screen.findByRole("dialog"));
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Label it" }));
  const asked = host.asked.find((one) => one.name === "redaction.label");
  expect(asked?.input).toEqual({ text: 7, from_point: 13, to_point: 17, entity_type: "PERSON" });
});

test("a place becomes an example of a rule", async () => {
  const { user } = await renderAt("/redaction?tab=tests", {
    ...ANSWERS,
    "redaction.rules": { is_policy: true, rules: [], validators: [], entity_types: [] },
    "redaction.try_rule": tried(),
  });
  await user.click(await screen.findByRole("button", { name: "Open text 7" }));
  await user.click(await screen.findByRole("button", { name: "Add to a rule's examples: missed person 2" }));
  const panel = within(await screen.findByRole("region", { name: "An example from a test set" }));
  await user.click(panel.getByRole("button", { name: "It must match" }));
  expect(screen.getByRole("textbox", { name: "Must match 1" })).toHaveValue("👩 ask Ann of Bonn");
});

test("the texts of a stored call are added to a set", async () => {
  const { user, host } = await renderAt("/redaction?tab=tests&call=abc", ANSWERS);
  await user.click(await screen.findByRole("button", { name: "Add its texts" }));
  const asked = host.asked.find((one) => one.name === "redaction.add_text");
  expect(asked?.input).toEqual({ set: "claims en", call_id: "abc" });
});

test("a file is imported into a set that is there, and what its labels were taken for is told", async () => {
  const { user, host, container } = await renderAt("/redaction?tab=tests", {
    ...ANSWERS,
    "redaction.import_set": {
      set: "claims en",
      texts: [9, 10],
      labels: 3,
      taken_for: [
        { label: "MAIL", entity_type: "EMAIL_ADDRESS", how: "synonym", spans: 2, is_found: true },
        { label: "POLICY_NO", entity_type: "POLICY_NO", how: "unknown", spans: 1, is_found: false },
      ],
      empty: 1,
      held: 3,
    },
  });
  await user.click(await screen.findByRole("button", { name: "Import a file…" }));
  const asked = host.asked.find((one) => one.name === "redaction.import_set");
  expect(asked?.input).toEqual({ set: "claims en", handle: "file-1" });
  expect(await screen.findByText(/Imported 2 texts with 3 labels\./)).toHaveTextContent(
    "3 texts that it holds already left out. 1 text with nothing in it left out.",
  );
  const told = within(screen.getByRole("region", { name: "What the labels were taken for" }));
  expect(told.getByText("POLICY_NO", { selector: "code" })).toBeVisible();
  expect(told.getByText(/Nothing in the policy in force finds it/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a set that is made of a file has its language, and says what its labels were taken for", async () => {
  const added = {
    set: "claims en",
    texts: [9],
    labels: 1,
    taken_for: [{ label: "PER", entity_type: "PERSON", how: "synonym", spans: 1, is_found: true }],
    empty: 0,
    held: 0,
  };
  const { user, host } = await renderAt("/redaction?tab=tests", {
    ...ANSWERS,
    "redaction.import_set": added,
  });
  await user.click(await screen.findByRole("button", { name: "New test set…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await fill(user, dialog.getByRole("textbox", { name: "Name" }), "claims en");
  await user.type(dialog.getByRole("textbox", { name: "Language of its texts" }), "en");
  await user.click(dialog.getByRole("button", { name: "Import a corpus…" }));
  expect(await screen.findByRole("heading", { name: "Imported into claims en" })).toBeVisible();
  expect(host.asked.find((one) => one.name === "redaction.import_set")?.input).toEqual({
    set: "claims en",
    handle: "file-1",
    language: "en",
    field: "",
  });
});

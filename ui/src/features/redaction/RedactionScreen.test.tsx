import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { plainSegment } from "@/features/redaction/blocks";
import { policy, preview, segment } from "../../../tests/fake-lab";
import { wireError } from "../../../tests/fakeHost";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const POLICIES = [policy(), policy({ name: "claims", in_force: false, builtin: false })];
const V = {
  name: "claims",
  in_force: false,
  builtin: false,
  saved_at: "2026-10-02T10:00:00Z",
  saved_by: "ann",
};
const VERSIONS = [
  policy({ ...V, number: 2, reference: "claims@2", note: "stricter" }),
  policy({
    ...V,
    number: 1,
    reference: "claims@1",
    newest: false,
    in_force: true,
    times: [{ deployment: null, since: "2026-10-01T10:00:00Z", by: "ben", until: null }],
  }),
];
const ANSWERS = {
  "redaction.policies": POLICIES,
  "redaction.versions": VERSIONS,
  "redaction.preview": preview(),
};

test("without a text it says what to do, and asks nothing", async () => {
  const { host } = await renderAt("/redaction", ANSWERS);
  expect(await screen.findByRole("button", { name: "Use an invented example" })).toBeVisible();
  expect(host.asked.some((one) => one.name === "redaction.preview")).toBe(false);
});

test("a text shows before and after, the list in words and why", async () => {
  const { user, container } = await renderAt("/redaction", ANSWERS);
  await user.click(await screen.findByRole("button", { name: "Use an invented example" }));
  expect(
    await screen.findByText("1 replacement: 1, email address, replaced by [EMAIL_ADDRESS_1]"),
  ).toBeInTheDocument();
  const both = within(screen.getByRole("region", { name: "Before and after" }));
  expect(both.getByText("tom@example.com")).toBeVisible();
  expect(both.getByText("[EMAIL_ADDRESS_1]")).toBeVisible();
  expect(screen.getByText(/^Matched the pattern of/)).toHaveTextContent("Matched the pattern of email");
  expect(screen.getByText(/What isn't marked wasn't found/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a stored call shows dots, every field by name, and what is not covered", async () => {
  const stored = preview({
    revealed: false,
    not_covered: ["2 × image: not text, not searched"],
    fields: [
      { field: "system", label: null, path: null, turn: null, segments: [plainSegment("Be brief.")] },
      {
        field: "tool_input",
        label: "send_mail",
        path: "to[0]",
        turn: 2,
        segments: [segment({ before: "•••••" })],
      },
    ],
  });
  const { user } = await renderAt("/redaction?call=abc", { ...ANSWERS, "redaction.preview": stored });
  expect(
    await screen.findByRole("heading", { name: "Tool input · send_mail · to[0] · turn 3" }),
  ).toBeVisible();
  expect(screen.getByText("•••••")).toBeVisible();
  expect(screen.getByText("2 × image: not text, not searched")).toBeVisible();
  expect(screen.queryByText("Be brief.")).toBeNull();
  await user.click(screen.getByRole("checkbox", { name: /Only fields/ }));
  expect(screen.getAllByText("Be brief.")).toHaveLength(2);
});

test("a policy that can't be read says why, at the text", async () => {
  await renderAt("/redaction?tab=policy", {
    ...ANSWERS,
    "redaction.preview": wireError("bad_input", "the policy can't be used: line 3: expected `=`"),
  });
  expect(await screen.findByText(/line 3: expected/)).toBeVisible();
});

test("a policy is put in force only after its effects were read", async () => {
  const { user, host } = await renderAt("/redaction?policy=claims", {
    ...ANSWERS,
    "redaction.gate_standing": {
      before: "default",
      after: "claims",
      deployment: null,
      points: [],
      against: 0,
      incomplete: 0,
      unknown: 0,
      needs_reason: false,
      to_run: [],
      changes: [],
      lines: [],
      limits: [],
    },
    "redaction.put_in_force": policy({ name: "claims", in_force: true }),
  });
  await user.click(await screen.findByRole("button", { name: "Put in force…" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText(/every screen, report and comparison/)).toBeVisible();
  expect(host.asked.some((one) => one.name === "redaction.put_in_force")).toBe(false);
  await dialog.findByText(/It would replace/);
  await user.click(dialog.getByRole("button", { name: "Put in force" }));
  expect(host.asked.some((one) => one.name === "redaction.put_in_force")).toBe(true);
});

test("the versions of a policy say which is in force, since when and by whom, and lead back", async () => {
  const { user, host, container } = await renderAt("/redaction?policy=claims%402&tab=policy", {
    ...ANSWERS,
    "redaction.policies": [policy(), ...VERSIONS],
    "redaction.return_to": policy({ ...V, number: 3, reference: "claims@3" }),
  });
  const table = within(await screen.findByRole("table"));
  const rows = table.getAllByRole("row").slice(1);
  expect(rows[0]).toHaveTextContent(/v2 · shown.*Draft.*by ann.*stricter/);
  expect(rows[1]).toHaveTextContent(/v1.*In force.*since.*by ben/);
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(table.getByRole("button", { name: "Return to claims@1" }));
  const asked = host.asked.find((one) => one.name === "redaction.return_to");
  expect(asked?.input).toEqual({ name: "claims@1" });
});

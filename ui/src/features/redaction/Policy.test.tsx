import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { policy, preview } from "../../../tests/fake-lab";
import { fill } from "../../../tests/fill";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const CLAIMS = policy({
  name: "claims",
  number: 2,
  reference: "claims@2",
  builtin: false,
  in_force: false,
  saved_at: "2026-10-02T10:00:00Z",
  saved_by: "ann",
  times: [{ deployment: "claims-eu", since: "2026-10-03T10:00:00Z", by: "ben", until: null }],
});
const ANSWERS = {
  "redaction.policies": [policy(), CLAIMS],
  "redaction.versions": [CLAIMS],
  "redaction.preview": preview({
    allowed: [
      { place: "allow[1]", entry: "allow[1] leaves `x` alone: ours", over: false, hits: 2 },
      { place: "allow[2]", entry: "allow[2] leaves `y` alone until 2026-01-01", over: true, hits: 0 },
    ],
  }),
  "deployments.list": [],
};

test("what the allow list left alone is counted, and a deployment's own policy can end", async () => {
  const { user, host, container } = await renderAt("/redaction?policy=claims%402&tab=policy", {
    ...ANSWERS,
    "redaction.follow_default": policy(),
    "redaction.gate_standing": {
      before: "claims@2",
      after: "default",
      deployment: "claims-eu",
      points: [
        {
          point: "rules",
          title: "Rules that hide less",
          state: "against",
          says: "By its words it hides less than `claims@2` in 1 place.",
          details: ["a rule of its own is gone: `member_number`"],
          at: null,
          by: null,
        },
      ],
      against: 1,
      incomplete: 0,
      unknown: 0,
      needs_reason: true,
      to_run: [],
      changes: [],
      lines: [],
      limits: [],
    },
  });
  const allowed = within(await screen.findByRole("list", { name: "Left alone by the allow list" }));
  expect(allowed.getByText(/2 times/)).toBeVisible();
  expect(allowed.getByText(/leaves nothing alone any more/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(await screen.findByRole("button", { name: "Let claims-eu go by the default…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Let claims-eu go by the default?" }));
  expect(await dialog.findByText("member_number")).toBeVisible();
  const gate = host.asked.find((one) => one.name === "redaction.gate_standing");
  expect(gate?.input).toEqual({ deployment: "claims-eu" });
  const act = dialog.getByRole("button", { name: "Go by the default all the same" });
  expect(act).toBeDisabled();
  await fill(user, dialog.getByRole("textbox", { name: "Why all the same" }), "agreed with the board");
  expect(await accessibilityProblems(document.body)).toEqual([]);
  await user.click(act);
  const asked = host.asked.find((one) => one.name === "redaction.follow_default");
  expect(asked?.input).toEqual({ deployment: "claims-eu", reason: "agreed with the board" });
});

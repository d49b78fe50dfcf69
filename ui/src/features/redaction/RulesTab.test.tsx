import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { policy } from "../../../tests/fake-lab";
import { rule, tried } from "../../../tests/fake-sets";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const ANSWERS = {
  "redaction.policies": [policy({ name: "own", builtin: false })],
  "redaction.rules": { is_policy: true, rules: [rule()], validators: ["luhn"], entity_types: ["CLAIM"] },
  "redaction.try_rule": tried(),
};

test("a rule shows its fields, what it finds and how each example fares", async () => {
  const { container } = await renderAt("/redaction?tab=rules", ANSWERS);
  expect(await screen.findByRole("textbox", { name: "Pattern" })).toHaveValue("C-[0-9]{6}");
  expect(await screen.findByText("Keeps to all 2 of its examples.")).toBeVisible();
  expect(screen.getByText("Left alone, as it must be.")).toBeVisible();
  expect(screen.getByText("C-123456", { exact: false, selector: ".entity" })).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("what is wrong with a pattern is said at its place, and the rule can't be put in", async () => {
  await renderAt("/redaction?tab=rules", {
    ...ANSWERS,
    "redaction.try_rule": tried({
      problem: {
        part: "pattern",
        message: "Look-behind isn't available in this engine.",
        hint: "Use a context word instead.",
        before: "",
        at: "(?<=",
        after: "x)y",
      },
      policy_toml: null,
      holds: false,
    }),
  });
  const alert = within(await screen.findByRole("alert"));
  expect(alert.getByText("(?<=").tagName).toBe("MARK");
  expect(screen.getByRole("button", { name: "Change in the policy" })).toBeDisabled();
});

test("every keystroke tries the rule again, and putting it in changes the policy's text only", async () => {
  const { user, host } = await renderAt("/redaction?tab=rules", ANSWERS);
  await user.type(await screen.findByRole("textbox", { name: "Must match 1" }), "!");
  await expect
    .poll(() => JSON.stringify(host.asked.filter((one) => one.name === "redaction.try_rule").at(-1)?.input))
    .toContain("see C-123456!");
  await user.click(await screen.findByRole("button", { name: "Change in the policy" }));
  expect(await screen.findByRole("button", { name: "Save policy…" })).toBeVisible();
  expect(host.asked.some((one) => one.name === "redaction.save_policy")).toBe(false);
});

test("a rule's type gets any operator of a policy, with the parameters that it takes", async () => {
  const { user, host } = await renderAt("/redaction?tab=rules", ANSWERS);
  const operator = () => host.asked.filter((one) => one.name === "redaction.try_rule").at(-1)?.input;
  await user.click(await screen.findByRole("button", { name: /Operator of this type/ }));
  await user.click(await screen.findByRole("option", { name: /^Shift dates/ }));
  const days = screen.getByRole("textbox", { name: /^Days at most/ });
  await user.clear(days);
  await user.type(days, "30");
  await expect
    .poll(() => JSON.stringify(operator()))
    .toContain('"operator":"{ operator = \\"date_shift\\", max_days = 30 }"');
  await user.click(screen.getByRole("button", { name: /Operator of this type/ }));
  await user.click(await screen.findByRole("option", { name: /^Reversible/ }));
  expect(screen.queryByRole("textbox", { name: /Days at most/ })).toBeNull();
  await expect.poll(() => JSON.stringify(operator())).toContain('operator = \\"reversible\\" }"');
});

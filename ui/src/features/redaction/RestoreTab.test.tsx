import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { policy, preview } from "../../../tests/fake-lab";
import { fill } from "../../../tests/fill";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const TOKEN = `[EMAIL_ADDRESS~${"0a".repeat(16)}]`;
const ANSWERS = {
  "redaction.policies": [policy()],
  "redaction.preview": preview(),
  "redaction.recognizers": [],
  "redaction.vault": {
    entries: 2,
    first_kept: "2026-10-01T10:00:00.000Z",
    last_kept: "2026-10-02T10:00:00.000Z",
    key: "The vault's key is in this computer's keychain.",
    key_at_hand: true,
  },
  "redaction.restore": { text: "Write to tom@example.com", restored: 1, missing: 0, activity: "a1" },
};

test("a restore needs a token and a reason, and can be hidden again", async () => {
  const { user, host, container } = await renderAt("/redaction?tab=restore", ANSWERS);
  expect(await screen.findByText("The vault's key is in this computer's keychain.")).toBeVisible();
  const restore = screen.getByRole("button", { name: "Restore for 60 s" });
  await fill(user, screen.getByLabelText("Reason"), "Ticket 4711");
  await user.click(screen.getByLabelText("Text with tokens"));
  await user.paste("Write to nobody");
  expect(screen.getByText("0 tokens in the text")).toBeVisible();
  expect(restore).toBeDisabled();
  await user.clear(screen.getByLabelText("Text with tokens"));
  await user.click(screen.getByLabelText("Text with tokens"));
  await user.paste(`Write to ${TOKEN}`);
  await user.click(restore);
  expect(host.asked.find((one) => one.name === "redaction.restore")?.input).toEqual({
    text: `Write to ${TOKEN}`,
    reason: "Ticket 4711",
  });
  expect(await screen.findByText("Write to tom@example.com")).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Hide now" }));
  expect(screen.queryByText("Write to tom@example.com")).toBeNull();
});

test("the table of operators writes the policy's text", async () => {
  const { user, container } = await renderAt("/redaction?tab=policy", {
    ...ANSWERS,
    "redaction.recognizers": [
      { name: "iban", entity_type: "IBAN_CODE", category: "financial", about: "IBAN", examples: [] },
    ],
  });
  await user.click(await screen.findByRole("button", { name: /Operator of every other type/ }));
  await user.click(await screen.findByRole("option", { name: /^Shift dates/ }));
  const days = await screen.findByRole("textbox", { name: /Days at most/ });
  await user.clear(days);
  await user.type(days, "30");
  expect(screen.getByRole("textbox", { name: /as TOML/ })).toHaveValue(
    'name = "default"\nversion = "1"\n[operators]\ndefault = { operator = "date_shift", max_days = 30 }\n',
  );
  await user.click(screen.getByRole("button", { name: /Another type/ }));
  await user.click(await screen.findByRole("option", { name: /^IBAN code/ }));
  await user.click(screen.getByRole("button", { name: "Add type" }));
  expect(screen.getByRole("textbox", { name: /as TOML/ })).toHaveValue(
    'name = "default"\nversion = "1"\n[operators]\ndefault = { operator = "date_shift", max_days = 30 }\nIBAN_CODE = { operator = "pseudonym" }\n',
  );
  expect(await accessibilityProblems(container)).toEqual([]);
});

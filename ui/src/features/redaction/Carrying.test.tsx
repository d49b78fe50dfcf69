import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { policy, preview } from "../../../tests/fake-lab";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const CLAIMS = policy({
  name: "claims",
  number: 2,
  reference: "claims@2",
  builtin: false,
  in_force: false,
  scopes: [
    { fields: ["tool_input"], deployments: [], says: ["EMAIL_ADDRESS: keep"] },
    { fields: [], deployments: ["claims-eu"], says: ["threshold: 0.7"] },
  ],
});
const ANSWERS = {
  "redaction.policies": [policy(), CLAIMS],
  "redaction.versions": [CLAIMS],
  "redaction.preview": preview(),
  "deployments.list": [],
  "redaction.compare": {
    from: "default",
    to: "claims@2",
    differences: [{ what: "operator", key: "URL", before: "keep", after: null }],
    lines: [
      { change: "same", text: "[operators]" },
      { change: "gone", text: 'URL = { operator = "keep" }' },
    ],
  },
};
const AT = "/redaction?policy=claims%402&tab=policy";

test("scopes and what differs from the policy in force are tables", async () => {
  const { host, container } = await renderAt(AT, ANSWERS);
  const scopes = within(await screen.findByRole("region", { name: "What is other where" }));
  expect(scopes.getByText("Tool input")).toBeVisible();
  expect(scopes.getByText("All deployments")).toBeVisible();
  expect(scopes.getByText("All fields")).toBeVisible();
  expect(await screen.findByText(/1 rule differs/)).toBeVisible();
  const rules = within(screen.getByRole("region", { name: "Rules that differ" }));
  expect(rules.getByText("as the default")).toBeVisible();
  const lines = within(screen.getByRole("region", { name: "Lines that differ" }));
  expect(lines.getByText('URL = { operator = "keep" }')).toBeVisible();
  expect(lines.queryByText("[operators]")).toBeNull();
  const asked = host.asked.find((one) => one.name === "redaction.compare");
  expect(asked?.input).toEqual({ from: "default", to: "claims@2" });
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("another tool's file becomes a draft with what it lost in sight, and another name needs the file again", async () => {
  const { user, host } = await renderAt(AT, {
    ...ANSWERS,
    "redaction.import_policy": {
      name: "imported",
      form: "litellm",
      toml: 'name = "imported"\n',
      losses: [{ what: "BLOCK of CREDIT_CARD", becomes: "it becomes `replace`" }],
      problem: null,
    },
    "redaction.save_policy": CLAIMS,
  });
  await user.click(await screen.findByRole("button", { name: "Import…" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.queryByRole("button", { name: "Save as a draft" })).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Choose a file…" }));
  expect(await dialog.findByText("1 thing not carried over as it stands")).toBeVisible();
  expect(dialog.getByText("BLOCK of CREDIT_CARD")).toBeVisible();
  await user.type(dialog.getByRole("textbox", { name: "Name of the policy" }), "2");
  expect(dialog.queryByRole("button", { name: "Save as a draft" })).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Choose a file…" }));
  await user.click(await dialog.findByRole("button", { name: "Save as a draft" }));
  const imported = host.asked.filter((one) => one.name === "redaction.import_policy");
  expect(imported.map((one) => one.input)).toEqual([
    { handle: "file-1", name: "imported" },
    { handle: "file-1", name: "imported2" },
  ]);
  const saved = host.asked.find((one) => one.name === "redaction.save_policy");
  expect(saved?.input).toEqual({
    toml: 'name = "imported"\n',
    note: "imported from litellm: answers.json",
  });
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a version is written for another tool, with what can't be said there", async () => {
  const { user, host } = await renderAt(AT, {
    ...ANSWERS,
    "redaction.export_policy": {
      policy: "claims@2",
      form: "presidio",
      file_name: "recognizers.yaml",
      text: "recognizers: []\n",
      losses: [{ what: "allow lists", becomes: "left out" }],
    },
    "redaction.write_policy": { path: "/tmp/claims-2.toml", handle: "file-2", sha256: "00" },
  });
  await user.click(await screen.findByRole("button", { name: "Export…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Export claims@2" }));
  expect(await dialog.findByText("allow lists")).toBeVisible();
  expect(dialog.getByRole("textbox", { name: "recognizers.yaml" })).toHaveValue("recognizers: []\n");
  await user.click(dialog.getByRole("radio", { name: /LiteLLM/ }));
  expect(host.asked.filter((one) => one.name === "redaction.export_policy").at(-1)?.input).toEqual({
    name: "claims@2",
    form: "litellm",
  });
  await user.click(dialog.getByRole("radio", { name: /Assay/ }));
  expect(dialog.getByRole("textbox", { name: "claims-2.toml" })).toHaveValue(CLAIMS.toml);
  await user.click(dialog.getByRole("button", { name: "Save to a file…" }));
  expect(await dialog.findByText("/tmp/claims-2.toml")).toBeVisible();
  expect(host.asked.find((one) => one.name === "redaction.write_policy")?.input).toEqual({
    name: "claims@2",
  });
  await user.click(dialog.getByRole("button", { name: "Close" }));
});

import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { NamesStatus, PluggedModel } from "@/lib/bindings";
import { policy, preview } from "../../../tests/fake-lab";
import { wireError } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const MODEL: PluggedModel = {
  name: "bert-ner",
  folder: "/models/bert-ner",
  sha256: "ab".repeat(32),
  files: [{ name: "model.onnx", size_bytes: 14_700_000, sha256: "cd".repeat(32) }],
  set_at: "2026-11-01T08:00:00Z",
  set_by: "auditor",
  ready: true,
  refused: null,
  hint: null,
  labels: [
    { label: "PER", entity_type: "PERSON" },
    { label: "MISC", entity_type: null },
  ],
};

function status(model: PluggedModel | null): NamesStatus {
  return {
    levels: [
      { level: "off", says: "Names are not looked for.", policies: [] },
      { level: "fast", says: "By words.", policies: ["default"] },
      { level: "full", says: "And by a network.", policies: ["deep@2"] },
    ],
    model,
  };
}

const ANSWERS = {
  "redaction.policies": [policy()],
  "redaction.preview": preview(),
  "redaction.recognizers": [],
  "redaction.names": status(null),
};

test("a folder is chosen in the window, and what is wrong with it is said", async () => {
  const { user, host, container } = await renderAt("/redaction", ANSWERS);
  host.kind = "window";
  host.pickFolder = () => Promise.resolve([{ handle: "folder-1", name: "ner", size_bytes: null }]);
  host.answer(
    "redaction.set_names_model",
    wireError("bad_input", "`model.onnx`: it is cut", "copy the whole file again"),
  );
  await user.click(await screen.findByRole("tab", { name: "Recognizers" }));
  const names = within(await screen.findByRole("region", { name: "Names" }));
  expect(names.getByText("deep@2")).toBeVisible();
  expect(names.getByText(/Nothing is downloaded or sent/)).toBeVisible();
  await user.click(names.getByRole("button", { name: "Plug in a model…" }));
  expect(await names.findByRole("alert")).toHaveTextContent("it is cut. Copy the whole file again.");
  host.answer("redaction.set_names_model", status(MODEL));
  host.answer("redaction.names", status(MODEL));
  await user.click(names.getByRole("button", { name: "Plug in a model…" }));
  act(() => host.tell({ type: "changed", tags: ["policies"] }));
  expect(await names.findByText("/models/bert-ner")).toBeVisible();
  expect(host.asked.find((one) => one.name === "redaction.set_names_model")?.input).toEqual({
    handle: "folder-1",
  });
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a model shows what it takes and leaves, is tried, and is taken out after a question", async () => {
  const { user, host, container } = await renderAt("/redaction?tab=recognizers", {
    ...ANSWERS,
    "redaction.names": status(MODEL),
    "redaction.try_names": {
      model: { name: "bert-ner", sha256: MODEL.sha256 },
      stretches: [
        { text: "Ada Lovelace", entity_type: "PERSON", score: 0.98 },
        { text: " wrote", entity_type: null, score: null },
      ],
      found: 1,
      characters: 18,
      elapsed_us: 6_000,
      characters_per_second: 3_000,
    },
    "redaction.remove_names_model": status(null),
  });
  const names = within(await screen.findByRole("region", { name: "Names" }));
  expect(names.getByText("MISC")).toBeVisible();
  expect(names.getByText(/assay redaction model set FOLDER/)).toBeVisible();
  await fill(user, names.getByLabelText("Try it on a text"), "Ada Lovelace wrote");
  await user.click(names.getByRole("button", { name: "Try" }));
  const found = within(await names.findByRole("region", { name: "What the model finds" }));
  expect(found.getByText(/3,000 characters in a second/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(names.getByRole("button", { name: "Take it out…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Take out bert-ner?" }));
  host.answer("redaction.names", status(null));
  await user.click(dialog.getByRole("button", { name: "Take it out" }));
  act(() => host.tell({ type: "changed", tags: ["policies"] }));
  expect(await names.findByText(/No model is plugged in/)).toBeVisible();
});

test("a model that can't be used says why, what to do and what is refused", async () => {
  const { container } = await renderAt("/redaction?tab=recognizers", {
    ...ANSWERS,
    "redaction.names": status({
      ...MODEL,
      ready: false,
      labels: [],
      refused: "the names model `bert-ner` can't be used: its files changed",
      hint: "put the files back",
    }),
  });
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("its files changed");
  expect(alert).toHaveTextContent("put the files back");
  expect(alert).toHaveTextContent("whatever needs the level full is refused");
  expect(screen.queryByRole("button", { name: "Try" })).toBeNull();
  expect(await accessibilityProblems(container)).toEqual([]);
});

import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const STATUS = {
  size: 42,
  root: "ab".repeat(32),
  proves: ["Each record has exactly its bytes."],
  does_not_prove: ["That the source told the truth."],
};
const COUNT = { matching: 4, stored: 10 };

test.each(["tree", "packs"])("the part %s of the evidence is accessible", async (tab) => {
  const { container } = await renderAt(`/evidence?tab=${tab}`, {
    "evidence.status": STATUS,
    "trail.count": COUNT,
  });
  await screen.findByRole("tabpanel");
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("the evidence says what it doesn't prove", async () => {
  await renderAt("/evidence", { "evidence.status": STATUS });
  expect(await screen.findByText("That the source told the truth.")).toBeVisible();
  expect(screen.getByText("Not signed in this version")).toBeVisible();
});

test("a pack that doesn't hold is never shown as holding", async () => {
  const { user } = await renderAt("/evidence?tab=packs", {
    "evidence.status": STATUS,
    "trail.count": COUNT,
    "evidence.verify": { ok: false, records: 3, failures: ["record 2: other bytes"] },
  });
  await user.click(await screen.findByRole("button", { name: "Choose a pack…" }));
  expect(await screen.findByText(/doesn't hold: 1 failure\. 3 records could be read/)).toBeVisible();
  expect(screen.getByText("record 2: other bytes")).toBeVisible();
});

test("a query that can't be read says why, and no pack is written", async () => {
  await renderAt("/evidence?tab=packs", {
    "evidence.status": STATUS,
    "trail.count": wireError("bad_input", "unknown key `stauts`"),
  });
  expect(await screen.findByText(/unknown key/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Write pack" })).toBeDisabled();
});

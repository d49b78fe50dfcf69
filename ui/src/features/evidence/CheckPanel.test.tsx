import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { EVIDENCE } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const SOUND = {
  ok: true,
  depth: "records",
  at: "2026-11-01T00:00:00Z",
  size: 42,
  checked: { leaves: { checked: 42, of: 42 } },
  damage: [],
  damaged: 0,
  not_checked: ["What checks answered is not worked out anew."],
  what_to_do: [],
};

test("a check says how much of how much was sound, and what it did not look at", async () => {
  await renderAt("/evidence", { "evidence.status": { ...EVIDENCE, last_check: SOUND } });
  expect(await screen.findByText("Nothing damaged: 42 records, depth records")).toBeVisible();
  expect(screen.getByText("42 of 42 sound")).toBeVisible();
  expect(screen.getByText("What checks answered is not worked out anew.")).toBeVisible();
});

test("damage is named with its place and what to do", async () => {
  const damage = {
    what: "changed",
    table: "call",
    record: "7",
    column: null,
    leaf: 7,
    sentence: "The row of record 7 was changed.",
  };
  const { container } = await renderAt("/evidence", {
    "evidence.status": {
      ...EVIDENCE,
      state: "damaged",
      last_check: { ...SOUND, ok: false, damage: [damage], damaged: 21, what_to_do: ["Copy it aside."] },
    },
  });
  expect(await screen.findByText("Damaged: 21 places, depth records")).toBeVisible();
  expect(screen.getByText(/The row of record 7 was changed/)).toBeVisible();
  expect(screen.getByText("Copy it aside.")).toBeVisible();
  expect(screen.getByText(/And 1 more/)).toBeVisible();
  expect(screen.queryByText(/Nothing damaged/)).toBeNull();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("a store that was never checked is not shown as sound", async () => {
  await renderAt("/evidence", { "evidence.status": EVIDENCE });
  expect(await screen.findByText("No check of this store is known.")).toBeVisible();
});

const ROW = {
  name: "stamps",
  kind: "tsa",
  url: "https://tsa.example/",
  destination: "tsa.example:443",
  leaves_computer: true,
  private: false,
  vkey: null,
  chain_sha256: null,
  sends: "The SHA-256 of a checkpoint, and nothing else.",
  last_size: null,
  last_at: null,
};

test("anchors are off until somebody is added", async () => {
  await renderAt("/evidence?tab=anchors", {
    "evidence.status": EVIDENCE,
    "evidence.anchors": { profiles: [], anchors: [], says: ["Nobody vouches."] },
  });
  expect(await screen.findByText(/Anchors are off until you add one/)).toBeVisible();
  expect(screen.queryByRole("button", { name: /now/ })).toBeNull();
});

test("who is asked says what is sent where before it is sent", async () => {
  const { container } = await renderAt("/evidence?tab=anchors", {
    "evidence.status": EVIDENCE,
    "evidence.anchors": { profiles: [ROW], anchors: [], says: ["A stamp proves a time."] },
  });
  expect(await screen.findByText("The SHA-256 of a checkpoint, and nothing else.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Send to tsa.example:443 now" })).toBeEnabled();
  expect(screen.getByText("Nothing yet")).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
});

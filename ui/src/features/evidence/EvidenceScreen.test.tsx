import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { EVIDENCE, VERIFICATION } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const COUNT = { matching: 4, stored: 10 };

test.each(["tree", "packs"])("the part %s of the evidence is accessible", async (tab) => {
  const { container } = await renderAt(`/evidence?tab=${tab}`, {
    "evidence.status": EVIDENCE,
    "trail.count": COUNT,
  });
  await screen.findByRole("tabpanel");
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("the evidence says what it doesn't prove", async () => {
  await renderAt("/evidence", { "evidence.status": EVIDENCE });
  expect(await screen.findByText("That the source told the truth.")).toBeVisible();
  expect(screen.getByText("Signed to #40 of 42: 2 leaves not yet")).toBeVisible();
  expect(screen.getByText("Not anchored: nobody outside this computer vouches for it")).toBeVisible();
});

test("a pack that doesn't hold is never shown as holding", async () => {
  const { user } = await renderAt("/evidence?tab=packs", {
    "evidence.status": EVIDENCE,
    "trail.count": COUNT,
    "evidence.verify": {
      ...VERIFICATION,
      ok: false,
      says: "does not hold: 1 failure",
      failures: ["record 2: other bytes"],
      failed: 1,
    },
  });
  await user.click(await screen.findByRole("button", { name: "Choose a pack…" }));
  expect(await screen.findByText(/does not hold: 1 failure/)).toBeVisible();
  expect(screen.getByText("record 2: other bytes")).toBeVisible();
  expect(screen.queryByText("In scope: the sum of these")).toBeNull();
});

test("a pack is compared with the key that was told, and its counts are shown as a sum", async () => {
  const { user, host } = await renderAt("/evidence?tab=packs", {
    "evidence.status": EVIDENCE,
    "trail.count": COUNT,
    "evidence.verify": VERIFICATION,
  });
  await fill(user, await screen.findByRole("textbox", { name: /^The log's key/ }), "ab".repeat(32));
  await user.click(screen.getByRole("button", { name: "Choose a pack…" }));
  expect(await screen.findByText(/holds, by a key that you have not compared/)).toBeVisible();
  expect(screen.getByRole("row", { name: "In scope: the sum of these 40" })).toBeVisible();
  expect(screen.getByRole("row", { name: "Withheld: not in the pack 32" })).toBeVisible();
  const asked = host.asked.find((one) => one.name === "evidence.verify");
  expect(asked?.input).toMatchObject({ key: "ab".repeat(32) });
});

test("a query that can't be read says why, and no pack is written", async () => {
  await renderAt("/evidence?tab=packs", {
    "evidence.status": EVIDENCE,
    "trail.count": wireError("bad_input", "unknown key `stauts`"),
  });
  expect(await screen.findByText(/unknown key/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Write pack" })).toBeDisabled();
});

test.each([
  ["not_signed", "Not signed"],
  ["key_missing", "Not signing: key missing"],
  ["damaged", "Damaged"],
] as const)("a tree that is %s is never shown as signed", async (state, word) => {
  await renderAt("/evidence", { "evidence.status": { ...EVIDENCE, state } });
  const panel = await screen.findByRole("region", { name: "Evidence tree" });
  expect(within(panel).getAllByText(word)[0]).toBeVisible();
  expect(within(panel).queryByText("Signed")).toBeNull();
});

test("a store that was rolled back is accepted by typing what is lost, and by nothing else", async () => {
  const phrase = "0123abcd 17";
  const { user, host } = await renderAt("/evidence", {
    "evidence.status": {
      ...EVIDENCE,
      state: "rolled_back",
      rollback: { remembered_origin: "assay.local/0123", remembered_size: 59, lost: 17, phrase },
    },
    "evidence.accept_restore": EVIDENCE.key,
  });
  const accept = await screen.findByRole("button", { name: "Accept the store as it is" });
  expect(screen.getByText("17 records")).toBeVisible();
  expect(screen.getByRole("button", { name: "Sign now" })).toBeDisabled();
  await fill(user, screen.getByRole("textbox", { name: /type 0123abcd 17/ }), "0123abcd 18");
  expect(accept).toBeDisabled();
  await user.clear(screen.getByRole("textbox", { name: /type 0123abcd 17/ }));
  await fill(user, screen.getByRole("textbox", { name: /type 0123abcd 17/ }), phrase);
  await user.click(accept);
  expect(host.asked).toContainEqual({ name: "evidence.accept_restore", input: { phrase } });
});

test("a recovery copy needs the passphrase twice and is not written by a browser", async () => {
  const { user, host } = await renderAt("/evidence", { "evidence.status": EVIDENCE });
  await user.click(await screen.findByRole("button", { name: "Write a recovery copy…" }));
  const write = screen.getByRole("button", { name: "Choose a place and write" });
  await fill(user, screen.getByLabelText("Passphrase"), "twelve letters and more");
  expect(write).toBeDisabled();
  await fill(user, screen.getByLabelText("The same again"), "twelve letters and more");
  await user.click(write);
  expect(await screen.findByRole("alert")).toHaveTextContent(/not by a browser/);
  expect(host.asked.map((asked) => asked.name)).not.toContain("evidence.write_recovery");
});

import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { fill } from "../../../tests/fill";
import { about, ENCRYPTION } from "../../../tests/records";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const PASSPHRASE = "twelve letters and more";
const DONE = {
  encrypted: true,
  key: "0123456789abcdef",
  size: 3,
  root: "00",
  tables: 47,
  rows: 17,
  bytes_before: 1,
  bytes_after: 1,
  says: ["The store is encrypted."],
};

test("a store that is not encrypted says what encrypting costs and protects from", async () => {
  const { container } = await renderAt("/settings?tab=store", { "settings.store_encryption": ENCRYPTION });
  expect(await screen.findByText("Not encrypted")).toBeVisible();
  expect(screen.getByText(/1.4 to 2.1 times/)).toBeVisible();
  expect(screen.getByText("It protects the store's file.")).toBeVisible();
  expect(screen.queryByRole("link", { name: "Encrypted" })).toBeNull();
  expect(await accessibilityProblems(container)).toEqual([]);
});

test("encrypting needs the passphrase twice and a confirmation, and says what was compared", async () => {
  const { user, host } = await renderAt("/settings?tab=store", {
    "settings.store_encryption": ENCRYPTION,
    "settings.encrypt_store": { job: 4711 },
  });
  await user.click(await screen.findByRole("button", { name: "Encrypt…" }));
  const encrypt = screen.getByRole("button", { name: "Encrypt" });
  await fill(user, screen.getByLabelText("Recovery passphrase"), PASSPHRASE);
  expect(encrypt).toBeDisabled();
  await fill(user, screen.getByLabelText("The same again"), PASSPHRASE);
  await user.click(encrypt);
  await waitFor(() => expect(host.confirmed.map((one) => one.name)).toEqual(["settings.encrypt_store"]));
  host.tell({
    type: "job",
    job: {
      id: 4711,
      command: "settings.encrypt_store",
      title: "Encrypting the store",
      state: "done",
      phase: "",
      done: 1,
      total: 1,
      unit: "bytes",
      rate: null,
      eta_s: null,
      elapsed_ms: 1,
      counts: {},
      result: DONE,
      error: null,
    },
  });
  expect(await screen.findByText("The store is encrypted.")).toBeVisible();
});

test("a passphrase that opens nothing is said to", async () => {
  const { user } = await renderAt("/settings?tab=store", {
    "settings.about": about({ encrypted: true }),
    "settings.store_encryption": { ...ENCRYPTION, encrypted: true, key: "0123456789abcdef" },
    "settings.try_store_passphrase": { opens: false },
  });
  expect(await screen.findByRole("link", { name: "Encrypted" })).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "Try the passphrase…" }));
  await fill(user, screen.getByLabelText("Recovery passphrase"), "another");
  await user.click(screen.getByRole("button", { name: "Try" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/does not open the copy/);
});

test("a store whose key is missing asks for the passphrase, and never for a new store", async () => {
  const locked = wireError(
    "store_encrypted",
    "store `s` is encrypted, and its key 01 is not on this computer",
  );
  const { user, host, container } = await renderAt("/", {
    "settings.about": locked,
    "settings.unlock_store": wireError("bad_input", "the passphrase does not open the store's key"),
  });
  expect(await screen.findByRole("heading", { name: "This store is encrypted" })).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.type(screen.getByLabelText("Recovery passphrase"), "wrong");
  await user.click(screen.getByRole("button", { name: "Open the store" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/does not open the store's key/);
  host.answer("settings.unlock_store", { ...ENCRYPTION, encrypted: true });
  host.answer("settings.about", about({ encrypted: true }));
  await user.click(screen.getByRole("button", { name: "Open the store" }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "This store is encrypted" })).toBeNull());
  expect(host.asked).toContainEqual({
    name: "settings.unlock_store",
    input: { passphrase: "wrong", keep: false },
  });
});

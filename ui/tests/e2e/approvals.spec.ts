// Two persons at two computers: one asks in the window, the other decides on the terminal, the decision
// comes back as a file, and the deed can be done once.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { confirmOn } from "./confirm";
import { accessibilityProblems, describeInBrowser, type Screen } from "./screen";
import { ask, type Site, serve } from "./site";

const CLAIMS = fileURLToPath(new URL("fixtures/claims.jsonl", import.meta.url));

describeInBrowser("approvals", (place, opened) => {
  let site: Site;
  let screen: Screen;
  const here = join(place.folder, "approvals");
  const terminal = (whose: string, ...words: string[]): string =>
    execFileSync(place.binary, words, {
      encoding: "utf8",
      env: { ...process.env, ASSAY_STORE: whose, ASSAY_STATE: `${whose}-state` },
    });
  const there = join(place.folder, "approvals-of-ben");
  let ben: { vkey: string; fingerprint: string };
  beforeAll(async () => {
    terminal(here, "import", CLAIMS, "--quiet");
    ben = JSON.parse(terminal(there, "--json", "approvals", "key", "create", "Ben Ode"));
    process.env.ASSAY_STATE = `${here}-state`;
    site = await serve(place.binary, here);
    screen = await opened(site, "/approvals?tab=persons");
  });
  afterAll(() => site?.stop());

  test("a key is made, a colleague's is registered after its fingerprint, a rule is switched on", async () => {
    const { page } = screen;
    await page.getByRole("button", { name: "Make my key…" }).click();
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann Khan");
    await page.getByRole("button", { name: "Make my key", exact: true }).click();
    await page.getByText("You are Ann Khan: the secret of that key is at hand here.").waitFor();
    await page.getByRole("button", { name: "Register a colleague's key…" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Ben Ode");
    await page.getByRole("textbox", { name: "Key", exact: true }).fill(ben.vkey);
    await page.getByRole("textbox", { name: /^Fingerprint/ }).fill(ben.fingerprint.slice(0, 35));
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Register", exact: true }).click();
    await confirmOn(page, site);
    await page.getByRole("button", { name: "Revoke the key of Ben Ode…" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("tab", { name: "Rules" }).click();
    await page.getByRole("button", { name: "Switch on: Unredacted exports" }).click();
    await confirmOn(page, site);
    await page.getByRole("button", { name: "Ask to switch off: Unredacted exports" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test("a pack is asked for, decided elsewhere, and written once", async () => {
    const { page } = screen;
    await screen.open("/evidence?tab=packs");
    await page.getByRole("button", { name: "Ask for approval" }).click();
    await page.getByText("A second person has not answered yet.").waitFor();
    expect(await page.getByRole("button", { name: "Asked for approval" }).isDisabled()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screen.open("/");
    await page.getByText("1 request waits for a second person's approval.").waitFor();
    const [request] = await ask(site, "approvals.list", {});
    const file = await ask(site, "approvals.export", { id: request?.id ?? "" });
    const said = join(place.folder, "said.txt");
    terminal(there, "approvals", "approve", file.path, "--reason", "Agreed by telephone", "--out", said);
    await screen.open("/approvals");
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Bring a decision back…" }).click();
    await (await chooser).setFiles(said);
    const dialog = page.getByRole("dialog", { name: /^Unredacted exports/ });
    await dialog.getByText("Agreed by telephone").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screen.open("/evidence?tab=packs");
    await page.getByText("It can be done once.").waitFor();
    await page.getByRole("button", { name: "Write pack" }).click();
    await confirmOn(page, site);
    await page.getByText(/^Wrote \d+ records?, /).waitFor();
    await page.getByText(/Doing it again needs another one\./).waitFor();
    expect(screen.complaints).toEqual([]);
  });
});

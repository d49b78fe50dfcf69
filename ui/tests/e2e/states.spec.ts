// What a screen shows where there is nothing, and where something is wrong.

import { execFileSync } from "node:child_process";
import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, describeInBrowser, layoutProblems, type Screen } from "./screen";
import { type Site, serve } from "./site";

const CLAIMS = fileURLToPath(new URL("fixtures/claims.jsonl", import.meta.url));

describeInBrowser("a store without records", (place, opened) => {
  let site: Site;
  let screen: Screen;
  beforeAll(async () => {
    site = await serve(place.binary, join(place.folder, "empty"));
    screen = await opened(site, "/");
  });
  afterAll(() => site?.stop());

  /** Each screen, what it says, and the button or link that leads on. */
  const screens: readonly [string, RegExp, string | null][] = [
    ["/", /Import your first logs/, "Import files…"],
    ["/trail", /No calls yet/, "Import files…"],
    ["/trail?tab=activities", /No activities yet/, null],
    ["/deployments", /No deployment/i, "Add deployment…"],
    ["/redaction", /Paste or type a text/, "Use an invented example"],
    ["/replay", /Nothing was replayed yet/, "Plan"],
    ["/checks", /The checks haven't run yet/, "Run checks"],
    ["/reports", /nothing to report on yet/, "Import files…"],
    ["/imports", /Nothing was imported yet/, "Import files…"],
    ["/retention", /No rule is set/, "Set a rule…"],
    ["/retention?tab=holds", /No hold was set/, "Set a hold…"],
    ["/retention?tab=requests", /Nothing was erased yet/, null],
    ["/evidence?tab=packs", /Recomputes everything/, "Choose a pack…"],
  ];

  test.for(screens)("%s says what to do", async ([address, says, button]) => {
    screen.complaints.length = 0;
    await screen.open(address);
    await screen.page.getByText(says).first().waitFor();
    if (button !== null) await screen.page.getByRole("button", { name: button }).first().waitFor();
    const problems = [...(await accessibilityProblems(screen.page)), ...(await layoutProblems(screen.page))];
    expect([...problems, ...screen.complaints]).toEqual([]);
  });
});

describeInBrowser("what is wrong", (place, opened) => {
  test("an address with a wrong token shows why, and no record", async () => {
    const { page, answers } = await opened(place.sample, "/trail", { token: "0".repeat(64) });
    await page.getByRole("heading", { level: 1, name: "The store isn't open" }).waitFor();
    const alert = page.getByRole("alert");
    expect(await alert.textContent()).toMatch(/token.*policy_refused/);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(answers.filter((answer) => answer.text.includes("deployment"))).toEqual([]);
    expect(await page.evaluate(() => location.href)).not.toContain("token");
  });

  test("a store that is damaged while it is open shows code and hint on the screen that reads it", async () => {
    const store = join(place.folder, "damaged");
    execFileSync(place.binary, ["import", CLAIMS, "--store", store], { stdio: "ignore" });
    const site = await serve(place.binary, store);
    const file = openSync(join(store, "assay.db"), "r+");
    const bytes = Buffer.alloc(fstatSync(file).size - 4096 * 2, 0xff);
    writeSync(file, bytes, 0, bytes.length, 4096 * 2);
    closeSync(file);
    try {
      const { page } = await opened(site, "/trail");
      const alert = page.getByRole("alert").first();
      await alert.waitFor();
      expect(await alert.textContent()).toContain("store_damaged");
      expect(await accessibilityProblems(page)).toEqual([]);
    } finally {
      await site.stop();
    }
  });
});

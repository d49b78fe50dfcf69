// Importing from the window: chosen files, dropped files, progress, and what was rejected.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, type Screen } from "./screen";
import { type Site, serve } from "./site";

const CLAIMS = fileURLToPath(new URL("fixtures/claims.jsonl", import.meta.url));

describeInBrowser("imports", (place, opened) => {
  let site: Site;
  let screen: Screen;
  beforeAll(async () => {
    site = await serve(place.binary, join(place.folder, "imports"));
    screen = await opened(site, "/imports");
  });
  afterAll(() => site?.stop());

  const choose = async (...files: string[]) => {
    const chooser = screen.page.waitForEvent("filechooser");
    await screen.page.getByRole("button", { name: "Import files…" }).first().click();
    await (await chooser).setFiles(files);
  };

  test("a chosen file is imported; its rejected lines are listed with their reasons", async () => {
    const { page } = screen;
    await choose(CLAIMS);
    await page.getByText("Imported 3 records · 2 lines rejected").waitFor();
    const batches = page.getByRole("table").first();
    const row = batches.getByRole("row", { name: /claims\.jsonl/ });
    await row.getByRole("button", { name: "2", exact: true }).click();
    const rejected = page.getByRole("region", { name: "Rejected lines", exact: true });
    await rejected.getByText("not json").first().waitFor();
    expect(await rejected.getByRole("row").count()).toBe(3);
    expect(await rejected.textContent()).toMatch(/claims\.jsonl3.*claims\.jsonl5/);
    expect(new URL(page.url()).searchParams.get("batch")).not.toBeNull();
    await row.getByRole("link", { name: "3" }).click();
    await page.getByText("3 of 3 calls").waitFor();
  });

  test("files that are dropped on any screen are imported, and nothing twice", async () => {
    const { page } = screen;
    await screen.open("/settings");
    const dropped = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "again.jsonl"));
      return transfer;
    }, readFileSync(CLAIMS, "utf8").split("\n").slice(0, 2).join("\n"));
    await page.dispatchEvent("body", "dragenter", { dataTransfer: dropped });
    await page.getByText("Drop to import into this store").waitFor();
    await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
    await page.getByText("Imported 0 records · 2 records already there").waitFor();
    expect(await page.getByText("Drop to import into this store").count()).toBe(0);
  });

  test("a file that can't be uploaded is said, not swallowed", async () => {
    const { page } = screen;
    await page.route("**/upload?*", (route) => route.fulfill({ status: 507 }));
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["x"], "x.jsonl"));
      return transfer;
    });
    await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
    await page.getByRole("alert").getByText(/507/).waitFor();
    await page.unroute("**/upload?*");
    await page.getByRole("button", { name: "Close the message" }).last().click();
  });

  test("an import that takes long shows how far it is, on every screen", async () => {
    const { page } = screen;
    await screen.open("/imports");
    const [line = ""] = readFileSync(CLAIMS, "utf8").split("\n");
    const many = join(place.folder, "many.jsonl");
    // So many that it goes on while the page draws its progress, however quick the computer.
    const lines = Array.from({ length: 10_000 }, (_, index) => line.replace('"r-1"', `"many-${index}"`));
    writeFileSync(many, lines.join("\n"));
    await choose(many);
    const bar = page.getByRole("progressbar");
    await bar.waitFor();
    expect(Number(await bar.getAttribute("aria-valuemax"))).toBeGreaterThan(0);
    await page
      .getByRole("contentinfo")
      .getByRole("button", { name: /Importing/ })
      .click();
    const drawer = page.getByRole("dialog", { name: "Jobs" });
    await drawer.getByRole("progressbar").waitFor();
    // Earlier imports are done already: the message is of this one.
    await page.getByText("Imported 10,000 records").waitFor({ timeout: 60_000 });
    await drawer.getByRole("progressbar").waitFor({ state: "detached" });
    await drawer
      .getByText(/done after/)
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    expect(screen.complaints.filter((text) => !text.includes("507"))).toEqual([]);
  }, 120_000);
});

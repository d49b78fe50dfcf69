// What the workbench is for: redact, replay, check, waive, report, and hand over evidence.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { confirmOn } from "./confirm";
import { describeInBrowser, type Screen } from "./screen";
import { ask } from "./site";

describeInBrowser("the workbench", (place, opened) => {
  let screen: Screen;
  beforeAll(async () => {
    screen = await opened(place.sample, "/");
  });

  test("a redaction preview follows what is typed", async () => {
    const { page } = screen;
    await screen.open("/redaction");
    const text = page.getByRole("textbox", { name: "Text to try" });
    await text.fill("Write to tom.baker@example.com today.");
    const sides = page.getByRole("region", { name: "Before and after" });
    await sides.getByText("[EMAIL_ADDRESS_1]").waitFor();
    await text.fill("Write to tom.baker@example.com or to eve@example.com, and again to eve@example.com.");
    await page.getByText(/^3 entities in/).waitFor();
    const after = await sides.textContent();
    expect(after).toContain("[EMAIL_ADDRESS_2]");
    expect(after).not.toContain("[EMAIL_ADDRESS_3]");
    await page.getByRole("tab", { name: "Policy" }).click();
    const toml = page.getByRole("textbox", { name: /^Policy .* as TOML/ });
    await toml.fill("this is no policy =");
    // The preview and the comparison say so, one after the other.
    await page.getByRole("alert").getByText("bad_input").first().waitFor();
    await page.getByRole("button", { name: "Discard changes" }).click();
    await page.getByText("bad_input").first().waitFor({ state: "detached" });
  });

  test("a replay is planned, run in the sandbox and compared", async () => {
    const { page } = screen;
    await screen.open("/replay?q=deployment%3Asupport-private%20status%3Aok");
    await page.getByRole("textbox", { name: "At most" }).fill("8");
    await page.getByRole("button", { name: "Plan", exact: true }).click();
    await page.getByText("8 calls of").waitFor();
    await page.getByText("Nothing leaves this computer.").first().waitFor();
    await page.getByRole("button", { name: "Start replay in the sandbox" }).click();
    await page.waitForURL(/\/replay\/run-/);
    await page.getByText(/^8 calls of 8 with a result/).waitFor({ timeout: 30_000 });
    const counts = page.locator("dl[aria-label='Of 8 calls']");
    // Same and changed are of what was compared, which may be fewer while the counts are older than the list.
    const numbers = [...((await counts.textContent()) ?? "").matchAll(/(\d+) of \d+/g)].map(([, value]) =>
      Number(value),
    );
    expect(numbers.reduce((sum, value) => sum + value, 0)).toBe(8);
    await page
      .getByRole("table", { name: "" })
      .or(page.getByRole("table"))
      .first()
      .getByRole("button")
      .first()
      .click();
    await page.waitForURL(/call=/);
    await page
      .getByRole("region", { name: "Comparison" })
      .getByText(/Original/)
      .first()
      .waitFor();
  });

  test("checks run again, say how it ended, and a finding is waived with a second person", async () => {
    const { page } = screen;
    await screen.open("/checks?verdict=not_met");
    const { not_met } = await ask(place.sample, "checks.findings", {});
    await page.getByRole("button", { name: "Run checks" }).click();
    await page.getByText(/^Checks ran: \d+ not met/).waitFor({ timeout: 40_000 });
    await page.getByText(new RegExp(`^${not_met} of \\d+ answers`)).waitFor();
    await page.getByRole("region", { name: "Findings by check" }).getByRole("link").first().click();
    await page.waitForURL(/\/checks\/[^?]/);
    const { pathname } = new URL(page.url());
    await page.getByRole("button", { name: "Waive…" }).click();
    const dialog = page.getByRole("dialog", { name: "Waive this finding?" });
    await dialog
      .getByRole("textbox", { name: "Reason" })
      .fill("Accepted until the contract is renewed in spring.");
    await dialog.getByRole("textbox", { name: "Owner" }).fill("A. Khan");
    await dialog.getByRole("textbox", { name: "Approver" }).fill("A. Khan");
    await dialog.getByRole("button", { name: "Waive finding" }).click();
    expect(await dialog.getByRole("textbox", { name: "Approver" }).getAttribute("aria-invalid")).toBe("true");
    await dialog.getByRole("textbox", { name: "Approver" }).fill("B. Moor");
    await dialog.getByRole("button", { name: "Waive finding" }).click();
    await page.getByText(/^Waived until/).waitFor();
    const id = decodeURIComponent(pathname.split("/").at(-1) ?? "");
    expect((await ask(place.sample, "checks.explain", { id })).verdict).toBe("waived");
    await page.getByRole("button", { name: "End waiver…" }).click();
    const end = page.getByRole("dialog", { name: "End this waiver?" });
    await end.getByRole("textbox", { name: "Reason" }).fill("The contract was renewed.");
    await end.getByRole("button", { name: "End waiver" }).click();
    await page.getByText("This waiver was ended.").waitFor();
    expect((await ask(place.sample, "checks.explain", { id })).verdict).toBe("not_met");
  });

  test("a report is written, listed with its hash, and unchanged", async () => {
    const { page } = screen;
    await screen.open("/reports?from=2026-10-01&to=2026-11-01");
    await page.getByRole("radio", { name: /JSON/ }).check({ force: true });
    await page.getByRole("button", { name: "Create report as JSON" }).click();
    await page.getByRole("region", { name: "Report created" }).waitFor({ timeout: 30_000 });
    const [report] = await ask(place.sample, "reports.list", {});
    expect(report).toMatchObject({ format: "json", state: "unchanged" });
    const row = page
      .getByRole("table")
      .getByRole("row")
      .filter({ hasText: report?.sha256 ?? "none" });
    await row.getByText(/unchanged/i).waitFor();
  });

  test("the selected calls are exported as a table, with its manifest", async () => {
    const { page } = screen;
    await screen.open("/trail");
    await page.getByRole("grid", { name: "Calls" }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+Space");
    await page.getByText("2 calls selected").waitFor();
    await page.getByRole("button", { name: "Export these" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("heading", { name: "Export 2 calls?" }).waitFor();
    await dialog.getByRole("button", { name: "Choose a place and export" }).click();
    await page.getByRole("dialog", { name: "Export written" }).waitFor({ timeout: 30_000 });
    const fetched = async (name: string) => {
      const saved = page.waitForEvent("download");
      await dialog.getByRole("button", { name, exact: true }).click();
      const path = join(place.folder, `${name}.txt`);
      await (await saved).saveAs(path);
      return readFileSync(path, "utf8");
    };
    const table = await fetched("Download");
    const lines = table.trimEnd().split("\r\n");
    expect(lines.length).toBe(3);
    const { calls } = await ask(place.sample, "trail.calls", { query: "", limit: 2 });
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(calls.map(({ id }) => id));
    const manifest = JSON.parse(await fetched("Download the manifest"));
    expect(manifest).toMatchObject({ rows: 2, records: "calls", text: "masked", format: "csv" });
    expect(manifest.sha256).toBe(createHash("sha256").update(table).digest("hex"));
    await page.keyboard.press("Escape");
  });

  test("an evidence pack is exported, fetched and verified; a changed one doesn't hold", async () => {
    const { page } = screen;
    await screen.open("/trail?q=deployment%3Asupport-private%20status%3Aerror");
    await page.getByRole("button", { name: /^Export \d+ calls?…/ }).click();
    // What it would export is told late, and moves what stands below.
    await page.getByRole("dialog", { name: /^Export \d+ calls?\?/ }).waitFor();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /Evidence pack/ }).check({ force: true });
    await dialog.getByRole("button", { name: "Choose a place and export" }).click();
    await confirmOn(page, place.sample);
    await page.getByRole("dialog", { name: "Evidence pack written" }).waitFor({ timeout: 30_000 });
    const saved = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Download" }).click();
    const pack = join(place.folder, "pack.zip");
    await (await saved).saveAs(pack);
    await page.keyboard.press("Escape");

    await screen.open("/evidence?tab=packs");
    const verify = async (file: string | { name: string; mimeType: string; buffer: Buffer }) => {
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Choose a pack…" }).click();
      await (await chooser).setFiles(file);
    };
    await verify(pack);
    const holds = /^pack\.zip holds, by a key that you have not compared: \d+ records? of [\d,]+ leaves$/;
    await page.getByText(holds).waitFor();
    await page.getByRole("button", { name: "Run over pack.zip" }).click();
    await page
      .getByText("pack.zip: of 5 commands 5 passed, 0 failed, 0 not run.")
      .waitFor({ timeout: 60_000 });
    const { first_fingerprint } = (await ask(place.sample, "evidence.key", {})) ?? {};
    await page.getByRole("textbox", { name: /^The log's key/ }).fill(first_fingerprint ?? "");
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByText(/^pack\.zip holds, signed by the key that you know: /).waitFor();
    await verify({ name: "no-pack.zip", mimeType: "application/zip", buffer: Buffer.from("no zip") });
    await page
      .getByText(/^no-pack\.zip does not hold: 1 failure$/)
      .first()
      .waitFor();
    expect(await page.getByText(/no-pack\.zip holds/).count()).toBe(0);
    expect(screen.complaints).toEqual([]);

    // The page that lies in every pack, opened from the disk.
    const other = await page.context().newPage();
    const asked: string[] = [];
    other.on("request", (request) => asked.push(request.url()));
    const file = join(dirname(fileURLToPath(import.meta.url)), "../../../crates/evidence/assets/verify.html");
    await other.goto(pathToFileURL(file).href);
    await other.getByLabel(/^Evidence pack/).setInputFiles(pack);
    await other.getByText("Holds, by a key that you have not compared.").waitFor({ timeout: 30_000 });
    await other.getByLabel(/^The log's key/).fill(first_fingerprint ?? "");
    await other.getByLabel(/^The log's key/).press("Tab");
    await other.getByText("Holds, signed by the key that you know.").waitFor({ timeout: 30_000 });
    const changed = await readFile(pack);
    const at = changed.indexOf("records/");
    changed.writeUInt8(changed.readUInt8(at + 200) ^ 1, at + 200);
    await other
      .getByLabel(/^Evidence pack/)
      .setInputFiles({ name: "changed.zip", mimeType: "application/zip", buffer: changed });
    await other.getByText(/^Does not hold: /).waitFor({ timeout: 30_000 });
    expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
    await other.close();
  });
});

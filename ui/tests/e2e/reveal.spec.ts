// Original text is nowhere but where somebody asked for it with a reason, and not for long.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { confirmOn, lastCode } from "./confirm";
import { accessibilityProblems, describeInBrowser, type Screen } from "./screen";
import { ask, finish, type Site, serve } from "./site";

const CLAIMS = fileURLToPath(new URL("fixtures/claims.jsonl", import.meta.url));
const ORIGINALS = ["jo.doe@example.com", "DE89370400440532013000"];

describeInBrowser("originals", (place, opened) => {
  let site: Site;
  let screen: Screen;
  let call: string;
  beforeAll(async () => {
    const store = join(place.folder, "reveal");
    site = await serve(place.binary, store);
    screen = await opened(site, "/imports");
    const chooser = screen.page.waitForEvent("filechooser");
    await screen.page.getByRole("button", { name: "Import files…" }).first().click();
    await (await chooser).setFiles(CLAIMS);
    await screen.page.getByText(/^Imported 3 records/).waitFor();
    await finish(site, "checks.run", { deployments: [] });
    const { calls } = await ask(site, "trail.calls", { query: '"kitchen"' });
    call = calls[0]?.id ?? "";
  });
  afterAll(() => site?.stop());

  /** Where an original is that should be nowhere. */
  const leaks = async (from = 0): Promise<string[]> => {
    const places: [string, string][] = [
      ["the page", await screen.page.content()],
      ["the address", screen.page.url()],
      [
        "storage",
        await screen.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
      ],
      [
        "fields",
        await screen.page.evaluate(() =>
          [...document.querySelectorAll("input, textarea")]
            .map((field) => (field as HTMLInputElement).value)
            .join(" "),
        ),
      ],
      ["history", await screen.page.evaluate(() => JSON.stringify(history.state))],
      ...screen.answers.slice(from).map((answer): [string, string] => [answer.name, answer.text]),
    ];
    return places.flatMap(([where, text]) =>
      ORIGINALS.filter((original) => text.includes(original)).map((original) => `${original} in ${where}`),
    );
  };
  const reveal = () => screen.page.getByRole("dialog", { name: /^Reveal the original text/ });

  test("no screen, answer, address or storage holds an original before it is revealed", async () => {
    const { page } = screen;
    const views = ["content", "provenance", "sources", "raw"].map(
      (view) => `/trail?rec=${call}&view=${view}`,
    );
    for (const address of [
      ...views,
      `/redaction?call=${call}`,
      `/replay?q=id:${call}`,
      "/imports",
      "/checks",
    ]) {
      await screen.open(address);
      if (address.startsWith("/replay")) {
        await page.getByRole("button", { name: "Plan" }).click();
        await page.getByRole("button", { name: "Start replay in the sandbox" }).waitFor();
      }
    }
    await screen.open(`/trail?rec=${call}`);
    await page.locator("mark[data-category=contact]").first().waitFor();
    expect(await leaks()).toEqual([]);
  });

  test("a reveal asks for a reason, shows the text with a countdown, and Esc hides it", async () => {
    const { page } = screen;
    await screen.open(`/trail?rec=${call}`);
    const before = screen.answers.length;
    await page.getByRole("tab", { name: "Content" }).focus();
    await page.keyboard.press("r");
    await reveal().waitFor();
    await reveal()
      .getByRole("button", { name: /Reason/ })
      .click();
    await page.getByRole("option", { name: "Other" }).click();
    await reveal().getByRole("textbox").fill("too short");
    expect(await reveal().getByRole("button", { name: "Reveal for 60 s" }).isDisabled()).toBe(true);
    await reveal().getByRole("textbox").fill("Ticket 4711 of the fraud desk");
    await reveal().getByRole("button", { name: "Reveal for 60 s" }).click();
    // Nothing is revealed by what the page can do alone.
    const asked = page.getByRole("dialog", { name: /^Reveal the original text of call \w+\?$/ }).last();
    await asked.getByRole("textbox", { name: "Code" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await leaks()).toEqual([]);
    await asked
      .getByRole("textbox", { name: "Code" })
      .fill(lastCode(site) === "000000" ? "000001" : "000000");
    await page.keyboard.press("Enter");
    await asked.getByText(/That is not the code: 2 more tries/).waitFor();
    expect(await leaks()).toEqual([]);
    await confirmOn(page, site);
    await page.getByText(ORIGINALS[0] ?? "").waitFor();
    await page.getByRole("button", { name: /^Hide now \(\d+ s\)$/ }).waitFor();
    expect(new URL(page.url()).searchParams.get("rec")).toBe(call);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Reveal…" }).waitFor();
    // Esc hides first; the record stays open.
    expect(await page.getByRole("complementary", { name: "Record" }).count()).toBe(1);
    expect(await leaks(screen.answers.length)).toEqual([]);
    const told = screen.answers
      .slice(before)
      .filter(({ text }) => ORIGINALS.some((original) => text.includes(original)));
    expect(told.map(({ name }) => name)).toEqual(["trail.reveal"]);
    await page.getByText(/^Revealed 1 time, last by/).waitFor();
  });

  test("text is hidden again by itself, by another record and by another screen", async () => {
    const { page } = screen;
    const show = async () => {
      await page.getByRole("button", { name: "Reveal…" }).click();
      await reveal().getByRole("button", { name: "Reveal for 60 s" }).click();
      await confirmOn(page, site);
      await page.getByText(ORIGINALS[0] ?? "").waitFor();
    };
    await page.clock.install();
    await screen.open(`/trail?rec=${call}`);
    await show();
    await page.clock.fastForward("00:59");
    expect(await page.getByText(ORIGINALS[0] ?? "").count()).toBe(1);
    await page.clock.runFor(61_000);
    await page.getByRole("button", { name: "Reveal…" }).waitFor();
    expect(await leaks(screen.answers.length)).toEqual([]);

    await show();
    await page.getByRole("grid", { name: "Calls" }).focus();
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.searchParams.get("rec") !== call);
    expect(await leaks(screen.answers.length)).toEqual([]);
    await page.goBack();

    await screen.open(`/trail?rec=${call}`);
    await show();
    // What the page puts off to later must come by itself again: the other screen is there only once it
    // is drawn, some time after its address.
    await page.clock.resume();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
    await page.goBack();
    await page.waitForURL(/trail/);
    await page.getByRole("button", { name: "Reveal…" }).waitFor();
    expect(await leaks(screen.answers.length)).toEqual([]);
  });

  test("each reveal is an activity with who, which call and why; `g r` is no reveal", async () => {
    const { page } = screen;
    await screen.open(`/trail?rec=${call}`);
    await page.getByRole("tab", { name: "Content" }).focus();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.waitForURL(/redaction/);
    expect(await reveal().count()).toBe(0);
    await screen.open("/trail?tab=activities&q=category:workbench");
    const rows = page.getByRole("grid", { name: "Activities" }).getByRole("row");
    const row = rows.filter({ hasText: "Ticket 4711 of the fraud desk" });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/reveal/);
    expect(screen.complaints).toEqual([]);
  });
});

// Drawing a sample and reading it with the keyboard, twice, the second time blind.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, describeInBrowser, layoutProblems, type Screen } from "./screen";
import { ask, type Site, serve } from "./site";

const CLAIMS = fileURLToPath(new URL("fixtures/claims.jsonl", import.meta.url));

describeInBrowser("review samples", (place, opened) => {
  let site: Site;
  let screen: Screen;
  beforeAll(async () => {
    site = await serve(place.binary, join(place.folder, "samples"));
    screen = await opened(site, "/imports");
    const chooser = screen.page.waitForEvent("filechooser");
    await screen.page.getByRole("button", { name: "Import files…" }).first().click();
    await (await chooser).setFiles(CLAIMS);
    await screen.page.getByText(/^Imported 3 records/).waitFor();
  });
  afterAll(() => site?.stop());

  /** Presses a key once it is listened to: while a judgement is kept, keys are left alone. */
  const press = async (key: string) => {
    const { page } = screen;
    await page.locator("button:enabled", { hasText: /^Fine/ }).waitFor();
    await page.keyboard.press(key);
  };
  const read = async (name: string, keys: string) => {
    const { page } = screen;
    await page.getByRole("textbox", { name: "Your name as a reader" }).fill(name);
    await page.keyboard.press("Enter");
    await page.getByText(/Item 1 of 3: not judged/).waitFor();
    let item = 1;
    for (const key of keys) {
      await page.getByText(new RegExp(`Item ${item} of 3: not judged`)).waitFor();
      await press(key);
      await page.getByText(new RegExp(`${item} of 3 read`)).waitFor();
      item += 1;
    }
  };

  test("two readers judge with keys, and only then results are shown", async () => {
    const { page } = screen;
    await screen.open("/trail/samples?q=");
    await page.getByRole("button", { name: "Draw a sample…" }).click();
    await page.getByRole("textbox", { name: "Calls" }).fill("3");
    await page.getByRole("textbox", { name: "Seed" }).fill("42");
    await page.getByRole("button", { name: "Draw the sample" }).click();
    await page.getByText(/Withheld from everybody until 2 readers have finished/).waitFor();
    expect(await layoutProblems(page)).toEqual([]);

    await read("Ann", "123");
    // U takes the last one back; the same key judges it again.
    await press("u");
    await page.getByText(/Item 3 of 3: not judged. 2 of 3 read/).waitFor();
    await press("3");
    await page.getByText(/3 of 3 read/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Finish" }).click();
    await page.getByText(/1 of 2 readers finished/).waitFor();

    const before = screen.answers.length;
    await read("Bo", "1");
    // What Ann's own screen asked for last may still be on its way.
    const told = screen.answers
      .slice(before)
      .filter(({ text }) => text.includes('"unsure"') && !text.includes('"reader":"Ann"'));
    expect(told.map((answer) => answer.name)).toEqual([]);
  });

  test("results carry what they are of, and few items are said to be too few", async () => {
    const { page } = screen;
    await page.getByText(/Item 2 of 3: not judged/).waitFor();
    await press("2");
    await page.getByText(/Item 3 of 3: not judged/).waitFor();
    await press("1");
    await page.getByText(/3 of 3 read/).waitFor();
    await page.getByRole("button", { name: "Finish" }).click();
    await page.getByText(/They agree on 2 of the 3 items that both read/).waitFor();
    expect(await page.getByText(/too few to judge agreement by/).count()).toBe(1);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await layoutProblems(page)).toEqual([]);
    const { problems } = await ask(site, "trail.sample_results", { sample: 1 });
    expect(problems.map((found) => [found.by, found.problem, found.read])).toEqual([
      ["Ann", 1, 3],
      ["Bo", 1, 3],
      ["both readers alike", 1, 3],
    ]);
  });
});

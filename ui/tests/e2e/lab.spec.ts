// The lab: a policy rehearsed over stored calls and stopped, and what it may miss, with its limits.

import { beforeAll, expect, test } from "vitest";
import { accessibilityProblems, describeInBrowser, layoutProblems, type Screen } from "./screen";
import { ask } from "./site";

/** Few calls, so that what runs over them is quick. */
const FEW = "deployment:support-private started_at:2026-10-01..2026-10-03";

describeInBrowser("the lab", (place, opened) => {
  let screen: Screen;
  beforeAll(async () => {
    screen = await opened(place.sample, "/redaction?tab=rehearse", { width: 1024, height: 640 });
  });

  test("a rehearsal is stopped and shows no part, then counts every call once", async () => {
    const { page } = screen;
    await page.getByText("Nothing was rehearsed yet").waitFor();
    await page.getByRole("button", { name: "Rehearse", exact: true }).click();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByText("Stopped. What was counted until then is not shown").waitFor();
    expect(await page.getByRole("heading", { name: /^default .* masking/ }).count()).toBe(0);
    await page.getByRole("textbox", { name: "Calls" }).fill(FEW);
    const { matching } = await ask(place.sample, "trail.count", { query: FEW });
    await page.getByRole("link", { name: new RegExp(`^${matching} calls?$`) }).waitFor();
    await page.getByRole("button", { name: "Rehearse", exact: true }).click();
    const counts = page.locator(`dl[aria-label='Of ${matching} calls']`);
    await counts.waitFor({ timeout: 30_000 });
    const numbers = [...((await counts.textContent()) ?? "").matchAll(/([\d,]+)of [\d,]+/g)].map(
      ([, value]) => Number(value?.replace(",", "")),
    );
    expect(numbers).toHaveLength(5);
    expect(numbers.reduce((sum, value) => sum + value, 0)).toBe(matching);
    await page.getByRole("heading", { name: "How it was compared, and what it does not say" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test("planted values and two recognizers are counted, with what the counts do not say", async () => {
    const { page } = screen;
    await page.getByRole("tab", { name: "Leak bounds" }).click();
    const canaries = page.getByRole("region", { name: "Planted canaries" });
    await canaries.getByRole("textbox", { name: "Calls" }).fill(FEW);
    await canaries.getByRole("textbox", { name: "Values to plant" }).fill("0");
    expect(await canaries.getByRole("button", { name: /^Plant under/ }).isDisabled()).toBe(true);
    await canaries.getByRole("textbox", { name: "Values to plant" }).fill("70");
    await canaries.getByRole("button", { name: /^Plant under/ }).click();
    const fared = canaries.locator("dl[aria-label='Of 70 planted values']");
    await fared.waitFor({ timeout: 30_000 });
    const numbers = [...((await fared.textContent()) ?? "").matchAll(/(\d+)of 70/g)].map(([, value]) =>
      Number(value),
    );
    expect(numbers).toHaveLength(4);
    expect(numbers.reduce((sum, value) => sum + value, 0)).toBe(70);
    await canaries
      .getByRole("list", { name: "Limits" })
      .getByText(/^Exact for the values/)
      .waitFor();
    const both = page.getByRole("region", { name: "Two recognizers" });
    await both.getByRole("textbox", { name: "Calls" }).fill(FEW);
    await both.getByRole("button", { name: "Count what both find" }).click();
    const rows = both.getByRole("region", { name: "Found by two recognizers" });
    await rows.getByText("Person").waitFor({ timeout: 30_000 });
    await both.getByRole("list", { name: "Limits" }).waitFor();
    expect(await layoutProblems(page)).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("a long text is previewed whole, marked where somebody looks, and copied from one side", async () => {
    const { page } = screen;
    await screen.open("/redaction");
    const lines = Array.from({ length: 2_000 }, (_, line) => `Row ${line}: write to ann${line}@example.com.`);
    // Set as a whole: what Chromium does to insert so many lines takes it ten seconds, also on an empty page.
    await page.getByRole("textbox", { name: "Text to try" }).evaluate((field, text) => {
      const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value") ?? {};
      set?.call(field, text);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, lines.join("\n"));
    await page.getByText(/^2,000 entities in/).waitFor();
    const sides = page.getByRole("region", { name: "Before and after" });
    expect(await page.locator("*").count()).toBeLessThan(5_000);
    const last = page.locator("#after-2000");
    expect(await last.count()).toBe(0);
    // The browser's own search looks through all of it, and goes to what it found.
    const isFound = await page.evaluate(() => {
      const found = (window as unknown as { find: (text: string) => boolean }).find("ADDRESS_2000]");
      getSelection()?.anchorNode?.parentElement?.scrollIntoView();
      return found;
    });
    expect(isFound).toBe(true);
    await last.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await last.dispatchEvent("pointerdown");
    const copied = await sides.evaluate((region) => {
      getSelection()?.selectAllChildren(region);
      return getSelection()?.toString() ?? "";
    });
    const rows = copied.split("\n").filter((line) => line.startsWith("Row"));
    expect(rows).toHaveLength(2_000);
    expect(rows.at(-1)).toContain("[EMAIL_ADDRESS_2000]");
    expect(copied).not.toContain("@example.com");
    expect(screen.complaints).toEqual([]);
  });

  test("before a policy is put in force, what nobody tried is unknown and can be found out", async () => {
    const { page } = screen;
    await page.goto(`${place.sample.origin}/redaction?policy=masking&tab=policy`);
    await page.getByRole("button", { name: "Put in force…" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Where" }).click();
    await page.getByRole("option", { name: "Only for support-private" }).click();
    const points = dialog.getByRole("list", { name: "What stands against it" });
    await points.getByText(/^Rehearsal\. Not rehearsed against/).waitFor();
    const put = dialog.getByRole("button", { name: "Put in force all the same" });
    expect(await put.isDisabled()).toBe(true);
    await dialog.getByRole("button", { name: "Find out now" }).click();
    const { matching } = await ask(place.sample, "trail.count", { query: "deployment:support-private" });
    const of = `of ${matching.toLocaleString("en-US")} calls`;
    await points.getByText(new RegExp(`^Rehearsal\\. .*${of}`)).waitFor({ timeout: 60_000 });
    await dialog.getByRole("textbox", { name: "Why all the same" }).fill("agreed with the board");
    expect(await put.isDisabled()).toBe(false);
    expect(await layoutProblems(page)).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Leave it as it is" }).click();
    const policies = await ask(place.sample, "redaction.policies", {});
    expect(policies.find((one) => one.name === "masking")?.times).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });
});

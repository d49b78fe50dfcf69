// Finding calls by query, facets, time and keys.

import { beforeAll, expect, test } from "vitest";
import { describeInBrowser, type Screen } from "./screen";
import { ask } from "./site";

describeInBrowser("the trail", (place, opened) => {
  let screen: Screen;
  beforeAll(async () => {
    screen = await opened(place.sample, "/trail");
  });

  const query = () => new URL(screen.page.url()).searchParams.get("q") ?? "";
  // Focus is given back a moment after a dialog has gone.
  const focusIsOn = (name: string) =>
    screen.page.waitForFunction((wanted) => {
      const at = document.activeElement;
      return (at?.getAttribute("aria-label") ?? at?.getAttribute("role") ?? at?.textContent) === wanted;
    }, name);
  const status = () => screen.page.getByRole("region", { name: "Calls" }).getByRole("status").textContent();

  test("a wrong key names the nearest one, and is not applied", async () => {
    const { page } = screen;
    await screen.open("/trail");
    const input = page.getByRole("combobox", { name: "Query of calls" });
    await input.fill("statsu:error");
    await page.getByText("Did you mean status?").waitFor();
    expect(await input.getAttribute("aria-invalid")).toBe("true");
    await input.press("Enter");
    expect(query()).toBe("");
    await input.fill("status:error");
    await page.getByText(/^Enter shows [\d,]+ of 12,000$/).waitFor();
    await input.press("Enter");
    await screen.settled();
    expect(query()).toBe("status:error");
    const { matching } = await ask(place.sample, "trail.count", { query: "status:error" });
    expect(await status()).toBe(`${matching.toLocaleString("en-GB")} of 12,000 calls`);
  });

  test("a facet narrows to the number it shows; a second click shows all again", async () => {
    const { page } = screen;
    await screen.open("/trail");
    const deployments = page
      .getByRole("complementary", { name: "Facets" })
      .getByRole("region", { name: "Deployment" });
    const value = deployments.getByRole("button", { name: /^support-private/ });
    expect(await value.textContent()).toBe("support-private 1,800");
    await value.click();
    await page.getByText("1,800 of 12,000 calls").waitFor();
    await screen.settled();
    expect(query()).toBe("deployment:support-private");
    expect(await value.getAttribute("aria-pressed")).toBe("true");
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("1801");
    expect(await deployments.getByRole("button", { name: /^claims-bedrock-eu/ }).count()).toBe(1);
    await value.click();
    await page.getByText("12,000 of 12,000 calls").waitFor();
    await deployments.getByRole("button", { name: "Exclude Deployment support-private" }).click();
    await page.getByText("10,200 of 12,000 calls").waitFor();
    await page.goBack();
    await page.getByText("12,000 of 12,000 calls").waitFor();
  });

  test("the histogram is read and narrowed with the keyboard", async () => {
    const { page } = screen;
    await screen.open("/trail");
    await page.getByRole("application").focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    const told = await page.locator("figcaption").textContent();
    const calls = /: ([\d,]+) calls?,/.exec(told ?? "")?.[1];
    await page.keyboard.press("Enter");
    await page.getByText(`${calls} of 12,000 calls`).waitFor();
    expect(query()).toMatch(/^started_at:2026-09-03T00:00:00\.000Z\.\.2026-09-03T23:59:59\.999Z$/);
    await page.goBack();
    await page.getByText("12,000 of 12,000 calls").waitFor();
    await page.getByRole("application").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/started_at/);
    expect(query()).toMatch(/2026-09-01T00:00:00\.000Z\.\.2026-09-02T23:59:59\.999Z/);
  });

  test("rows are opened, walked and closed by keys; focus goes back to the grid", async () => {
    const { page } = screen;
    await screen.open("/");
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.waitForURL(/\/trail/);
    await screen.settled();
    const grid = page.getByRole("grid", { name: "Calls" });
    await grid.focus();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    const pane = page.getByRole("complementary", { name: "Record" });
    await pane.getByRole("heading", { name: /^Call/ }).waitFor();
    const first = new URL(page.url()).searchParams.get("rec");
    const rows = await ask(place.sample, "trail.calls", { query: "", limit: 3 });
    expect(first).toBe(rows.calls[1]?.id);
    await page.keyboard.press("j");
    await page.waitForURL(new RegExp(`rec=${rows.calls[2]?.id}`));
    await screen.settled();
    await pane.getByRole("tab", { name: "Content" }).focus();
    await page.keyboard.press("Escape");
    await pane.waitFor({ state: "detached" });
    await focusIsOn("Calls");
  });

  test("the last of all rows is reached with End, and only rows in sight are drawn", async () => {
    const { page } = screen;
    await screen.open("/trail");
    const grid = page.getByRole("grid", { name: "Calls" });
    await grid.focus();
    await page.keyboard.press("End");
    await grid
      .locator('[aria-rowindex="12001"]')
      .getByText(/^2026-09-01/)
      .waitFor({ timeout: 20_000 });
    expect(await grid.getByRole("row").count()).toBeLessThan(40);
    await page.keyboard.press("Home");
    await grid.locator('[aria-rowindex="2"]').waitFor();
    expect(await grid.locator('[aria-rowindex="12001"]').count()).toBe(0);
  });

  test("the palette, the keys and the query are reached without a mouse, and give focus back", async () => {
    const { page } = screen;
    await screen.open("/trail");
    await page.getByRole("grid", { name: "Calls" }).focus();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Search or run a command" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await focusIsOn("Calls");
    await page.keyboard.press("Shift+?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    // Letters are for the screen below only when nothing stands above it.
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    expect(new URL(page.url()).pathname).toBe("/trail");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await focusIsOn("Calls");
    await page.keyboard.press("/");
    await focusIsOn("Query of calls");
    await page.keyboard.type("g o ? [");
    expect(new URL(page.url()).pathname).toBe("/trail");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("go to checks");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/checks/);
    await screen.settled();
    await focusIsOn("Checks");
    expect(screen.complaints).toEqual([]);
  });
});

// A browser window on a server, and what it complains of. Waits for what happens, never for a while.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AnyRouter } from "@tanstack/react-router";
import type { RunOnly } from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { afterAll, beforeAll, describe, inject } from "vitest";
import type { Place } from "./place";
import type { Address } from "./site";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CONFORMANCE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What was found to be wrong by itself, without a test asking for it. */
export type Screen = {
  page: Page;
  /** Errors of the console and of the page, refusals of its policy; in order. */
  complaints: string[];
  /** Every answer of the engine since the screen was opened: name and text. */
  answers: { name: string; text: string }[];
  /** Opens an address of the same server, as a new load of the page. */
  open: (address: string) => Promise<void>;
  /** The same, but where its path is shown already it is gone to as a link goes, without a load. */
  visit: (address: string) => Promise<void>;
  /** Waits until the screen shows what it asked for. */
  settled: () => Promise<void>;
};

/** What is asked of the page's router. */
type Router = Pick<AnyRouter, "latestLocation" | "state">;

type Options = { width?: number; height?: number; colorScheme?: "light" | "dark"; token?: string };

/** Describes specs that need the browser; skipped, and said so, where there is none. */
export function describeInBrowser(name: string, specs: (place: Place, opened: Opened) => void): void {
  const place = inject("place");
  if (typeof place === "string") {
    describe.skip(`${name}: ${place}`, () => undefined);
    return;
  }
  describe(name, () => {
    let browser: Browser;
    const contexts: BrowserContext[] = [];
    beforeAll(async () => {
      browser = await chromium.connect(place.browser);
    });
    afterAll(async () => {
      for (const context of contexts) await context.close();
      await browser?.close();
    });
    specs(place, async (site, address, options = {}) => {
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
        colorScheme: options.colorScheme ?? "light",
        reducedMotion: "reduce",
        locale: "de-CH",
        timezoneId: "America/New_York",
      });
      contexts.push(context);
      return openScreen(await context.newPage(), site, address, options);
    });
  });
}

export type Opened = (site: Address, address: string, options?: Options) => Promise<Screen>;

async function openScreen(page: Page, site: Address, address: string, options: Options): Promise<Screen> {
  // What is waited for is there at once, but not where other tests want the processors too.
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  const answers: Screen["answers"] = [];
  const asking = new Set<Request>();
  let isNew = true;
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // The engine's refusals have this status; the screen shows them.
    if (!message.text().includes("status of 422")) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url().endsWith("/rpc")) asking.add(request);
  });
  page.on("requestfailed", (request) => asking.delete(request));
  page.on("requestfinished", async (request) => {
    if (!asking.has(request)) return;
    const answer = await request.response();
    const text = (await answer?.text().catch(() => "")) ?? "";
    answers.push({ name: JSON.parse(request.postData() ?? "{}").name, text });
    asking.delete(request);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      // biome-ignore lint/suspicious/noConsole: the spec hears the console
      console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const settled = async () => {
    // Two frames without a question and without a sign of loading: what was asked for is drawn.
    for (let calm = 0; calm < 2; ) {
      const isDrawn = await page.evaluate(
        () =>
          new Promise<boolean>((resolve) =>
            requestAnimationFrame(() =>
              resolve(
                document.querySelector("h1") !== null &&
                  document.querySelector('[role=status][aria-label^="Loading"]') === null,
              ),
            ),
          ),
      );
      calm = isDrawn && asking.size === 0 ? calm + 1 : 0;
    }
  };
  const open = async (next: string) => {
    const token = isNew ? `#token=${options.token ?? site.token}` : "";
    isNew = false;
    asking.clear();
    await page.goto(`${site.origin}${next}${token}`, { waitUntil: "domcontentloaded" });
    await page.locator("h1").first().waitFor({ state: "attached" });
    await settled();
  };
  const go = async (next: string) => {
    await page.evaluate(async (next) => {
      const { __TSR_ROUTER__: router } = window as unknown as { __TSR_ROUTER__: Router };
      const before = router.state.resolvedLocation;
      // The router hears of every address that is pushed. It has gone there once what is drawn is of it.
      history.pushState({}, "", next);
      const isThere = () => {
        const { status, resolvedLocation } = router.state;
        return (
          status === "idle" &&
          resolvedLocation !== before &&
          resolvedLocation?.href === router.latestLocation.href
        );
      };
      while (!isThere()) await new Promise(requestAnimationFrame);
    }, next);
    await settled();
  };
  const visit = async (next: string) => {
    const [here, there] = [new URL(page.url()), new URL(next, page.url())];
    const isTab = there.pathname === here.pathname && there.search !== here.search;
    await (isTab ? go(next) : open(next));
  };
  await open(address);
  return { page, complaints, answers, open, visit, settled };
}

/** What axe finds wrong by WCAG 2.2 AA: rule, where, why. */
export function accessibilityProblems(page: Page): Promise<string[]> {
  return found(page, { type: "tag", values: CONFORMANCE });
}

/** What axe finds too faint: all that another theme can change. */
export function contrastProblems(page: Page): Promise<string[]> {
  return found(page, { type: "rule", values: ["color-contrast"] });
}

async function found(page: Page, runOnly: RunOnly): Promise<string[]> {
  // Evaluated by the debugger, so that the page's own policy stays in force.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, {
      runOnly,
      resultTypes: ["violations"],
      elementRef: false,
    });
    return violations.flatMap((violation) =>
      violation.nodes.map(
        (node) => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary?.split("\n")[1]?.trim()}`,
      ),
    );
  }, runOnly);
}

/**
 * What of the page can't be seen or used at its present size.
 *
 * The document doesn't scroll sideways, and everything that can be used or is a heading is reached by
 * scrolling a region that has scrollbars: what is only cut off is lost.
 */
export function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
      problems.push(`the document is ${root.scrollWidth - root.clientWidth} px too wide`);
    }
    const named = (element: Element) =>
      `${element.tagName.toLowerCase()} “${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}”`;
    const isForReaders = (element: Element) => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        if (at.matches(".sr-only, [aria-hidden=true]") || getComputedStyle(at).clip.startsWith("rect("))
          return true;
      }
      return false;
    };
    const hides = (element: Element) => /hidden|clip/.test(getComputedStyle(element).overflow);
    const wanted = document.querySelectorAll<HTMLElement>(
      "a[href], button, input, textarea, [role=tab], [role=radio], [tabindex='0'], h1, h2, h3, dd, [role=status]",
    );
    for (const element of wanted) {
      const style = getComputedStyle(element);
      if (isForReaders(element) || style.visibility === "hidden" || element.getClientRects().length === 0) {
        continue;
      }
      element.scrollIntoView({ block: "nearest", inline: "nearest" });
      const moved: Element[] = [];
      // What is folded away has a box, and is not there for anybody.
      if (!element.checkVisibility()) continue;
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      let isCut = box.right < 1 || box.bottom < 1 || box.left >= innerWidth || box.top >= innerHeight;
      for (let at: Element | null = element.parentElement; at; at = at.parentElement) {
        if (at.scrollLeft !== 0 || at.scrollTop !== 0) moved.push(at);
        if (!hides(at)) continue;
        // Moved though it has no scrollbar: a person can't do that.
        if (at.scrollLeft > 1 || at.scrollTop > 1) isCut = true;
        // Its beginning, not its end: long words may be cut where they say so.
        const frame = at.getBoundingClientRect();
        if (box.left < frame.left - 2 || box.left > frame.right - 4 || box.top > frame.bottom - 4)
          isCut = true;
      }
      if (isCut) problems.push(`${named(element)} is cut off`);
      for (const at of moved) at.scrollTo(0, 0);
    }
    return problems;
  });
}

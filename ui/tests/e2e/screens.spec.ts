// Every screen and tab of it: accessible in both themes, without complaints, and whole at each size. Each
// path is loaded; from one of its tabs to the next it is gone as by a click.

import { beforeAll, expect, test } from "vitest";
import {
  accessibilityProblems,
  contrastProblems,
  describeInBrowser,
  layoutProblems,
  type Screen,
} from "./screen";
import { ask } from "./site";

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 640 },
  { width: 320, height: 640 },
];

describeInBrowser("screens", (place, opened) => {
  let screen: Screen;
  beforeAll(async () => {
    await ask(place.sample, "redaction.make_set", { name: "texts to measure on", language: "en" });
    const set = { set: "texts to measure on" };
    const text = "Ms Ann Albright asked about claim 4711 and wrote to ann@example.com.";
    const { texts } = await ask(place.sample, "redaction.add_text", { ...set, text });
    await ask(place.sample, "redaction.add_text", { ...set, call_id: place.call });
    const label = { from_point: 34, to_point: 38, entity_type: "CLAIM_NUMBER" };
    await ask(place.sample, "redaction.label", { text: texts[0] ?? 0, ...label });
    screen = await opened(place.sample, "/");
  });

  const record = `/trail?q=${encodeURIComponent("has:entity_type")}&rec=${place.call}`;
  const deployment = `/deployments/${place.deployment}`;
  const addresses = [
    "/",
    "/?view=compare",
    "/trail",
    "/trail?tab=activities",
    "/trail?q=statsu%3Aerror",
    "/trail?saved=9999",
    "/trail/samples",
    "/trail/samples?q=status%3Aerror",
    "/trail/samples/9999",
    "/trail?q=model%3Anone-such",
    ...["content", "notes", "provenance", "sources", "raw"].map((view) => `${record}&view=${view}`),
    ...["rule", "holds", "person", "requests"].map((tab) => `/retention?tab=${tab}`),
    "/trail/coverage",
    "/trail/coverage?from=2026-09-10&to=2026-09-20",
    "/trail/coverage?from=1999-01-01&to=1999-01-02",
    "/trail/coverage?from=yesterday",
    "/trail/usage",
    "/trail/usage?from=1999-01-01&to=1999-01-02",
    "/deployments",
    ...["handling", "regions", "settings", "definition", "sources"].map((tab) => `${deployment}?tab=${tab}`),
    "/deployments/no.such",
    "/redaction",
    `/redaction?call=${place.call}`,
    "/redaction?tab=policy",
    "/redaction?tab=recognizers",
    "/redaction?tab=rules",
    "/redaction?tab=tests",
    `/redaction?tab=tests&call=${place.call}`,
    "/replay",
    `/replay/${place.run}`,
    "/checks",
    "/checks?tab=questions",
    `/checks/${place.finding}`,
    "/reports",
    "/imports",
    ...["tree", "anchors", "packs"].map((tab) => `/evidence?tab=${tab}`),
    ...["requests", "persons", "rules"].map((tab) => `/approvals?tab=${tab}`),
    ...["appearance", "privacy", "store", "dates", "about"].map((tab) => `/settings?tab=${tab}`),
    "/no-such-screen",
  ];

  test("what looks for problems finds them", async () => {
    const { page } = screen;
    await page.evaluate(() => {
      const [name, wide] = [document.createElement("button"), document.createElement("button")];
      wide.textContent = "beyond the edge";
      wide.style.cssText = "position: absolute; left: 4000px";
      document.querySelector("main")?.append(name, wide);
    });
    expect((await accessibilityProblems(page)).join()).toContain("button-name");
    expect((await layoutProblems(page)).join()).toContain("beyond the edge");
  });

  test.for(addresses)("%s", async (address) => {
    const { page } = screen;
    screen.complaints.length = 0;
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await screen.visit(address);
    const problems: string[] = [];
    for (const problem of await accessibilityProblems(page)) problems.push(`light: ${problem}`);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("html[data-theme=dark]").waitFor({ state: "attached" });
    for (const problem of await contrastProblems(page)) problems.push(`dark: ${problem}`);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await screen.settled();
      for (const problem of await layoutProblems(page)) problems.push(`${size.width} px: ${problem}`);
    }
    problems.push(...screen.complaints);
    expect(problems, problems.join("\n")).toEqual([]);
    expect(await page.locator("h1").count()).toBe(1);
    expect(await page.title()).toBe("Assay");
  });
});

// Records that try to be more than text.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FILE_NAME, hostileLog, UNSEEN } from "./fixtures/hostile";
import { describeInBrowser, layoutProblems, type Screen } from "./screen";
import { ask, finish, type Site, serve } from "./site";

describeInBrowser("hostile records", (place, opened) => {
  let site: Site;
  let screen: Screen;
  let calls: string[];
  let deployment: string;
  let finding: string;
  beforeAll(async () => {
    site = await serve(place.binary, join(place.folder, "hostile"));
    screen = await opened(site, "/imports");
    const { page } = screen;
    page.on("dialog", (dialog) => {
      screen.complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const file = join(place.folder, FILE_NAME);
    writeFileSync(file, hostileLog());
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Import files…" }).first().click();
    await (await chooser).setFiles(file);
    await page.getByText(/^Imported 5 records · 2 lines rejected/).waitFor();
    await finish(site, "checks.run", { deployments: [] });
    calls = (await ask(site, "trail.calls", { query: "" })).calls.map((call) => call.id);
    const [first] = await ask(site, "deployments.list", {});
    deployment = first?.name ?? "";
    finding = (await ask(site, "checks.findings", {})).findings[0]?.id ?? "";
  });
  afterAll(() => site?.stop());

  const check = async (address: string) => {
    screen.complaints.length = 0;
    await screen.page.setViewportSize({ width: 1280, height: 800 });
    await screen.visit(address);
    const problems = await screen.page.evaluate((unseen) => {
      const found: string[] = [];
      const isUnseen = new RegExp(unseen);
      if ("obeyed" in window) found.push("markup of a record ran");
      if (document.querySelector("#root img, #root script, [onerror]"))
        found.push("markup of a record is markup");
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const texts =
          node instanceof Element
            ? [...node.attributes]
                .filter(({ name }) => ["title", "aria-label"].includes(name))
                .map(({ value }) => value)
            : [node.textContent ?? ""];
        for (const text of texts) {
          if (!isUnseen.test(text)) continue;
          const at = node instanceof Element ? node : node.parentElement;
          found.push(
            `unseen characters in <${at?.tagName.toLowerCase()} class="${at?.className}">: ${JSON.stringify(text.slice(0, 60))}`,
          );
        }
      }
      return found;
    }, UNSEEN.source);
    problems.push(...(await layoutProblems(screen.page)));
    await screen.page.setViewportSize({ width: 320, height: 640 });
    problems.push(...(await layoutProblems(screen.page)).map((problem) => `320 px: ${problem}`));
    problems.push(...screen.complaints);
    expect(problems, problems.join("\n")).toEqual([]);
  };

  test.for([
    "/",
    "/?view=compare",
    "/trail",
    "/trail?tab=activities",
    "/deployments",
    "/imports",
    "/checks",
    "/reports",
    "/replay",
  ])("%s shows them as text", (address) => check(address));

  test.for(["content", "provenance", "sources", "raw"])("the records' %s is shown as text", async (view) => {
    for (const call of calls) await check(`/trail?rec=${call}&view=${view}`);
  });

  test("a redaction preview of each is text", async () => {
    for (const call of calls) await check(`/redaction?call=${call}`);
  });

  test("their deployment and a finding are shown as text", async () => {
    for (const tab of ["handling", "regions", "settings", "definition", "sources"])
      await check(`/deployments/${encodeURIComponent(deployment)}?tab=${tab}`);
    await check(`/checks/${encodeURIComponent(finding)}`);
  });

  test("a plan and a run of them are shown as text", async () => {
    await check("/replay");
    await screen.page.setViewportSize({ width: 1280, height: 800 });
    await screen.page.getByRole("button", { name: "Plan", exact: true }).click();
    await screen.page.getByRole("button", { name: "Start replay in the sandbox" }).waitFor();
    const plan = await ask(site, "replay.plan", { backend: "sandbox", query: "", policy: "default" });
    // Names that no model has are refused call by call, and the others still run.
    expect(plan).toMatchObject({ refused: 3, matching: 5 });
    const run = await finish(site, "replay.start", { plan: plan.id });
    await check(`/replay/${run.id}`);
    for (const item of run.items) await check(`/replay/${run.id}?call=${item.call_id}`);
    await screen.page.setViewportSize({ width: 1280, height: 800 });
  });
});

// A policy that one person proposes and another lets through or refuses: what stands against it is seen by
// both, the reason is part of what is approved, and what is in force changes by nothing else.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, describeInBrowser, layoutProblems, type Screen } from "./screen";
import { ask, type Site, serve } from "./site";

const CLAIMS = fileURLToPath(new URL("fixtures/claims.jsonl", import.meta.url));
const WHY = "Agreed with the works council, ticket 12";

/** The program's own policy under another name, with what is added. */
const policy = (more: string) =>
  `name = "claims"\nversion = "1"\nnames = "fast"\n[operators]\ndefault = { operator = "replace" }\n${more}`;

describeInBrowser("the approval of a policy", (place, opened) => {
  let site: Site;
  let screen: Screen;
  const here = join(place.folder, "policies");
  const there = join(place.folder, "policies-of-ben");
  const terminal = (whose: string, ...words: string[]): string =>
    execFileSync(place.binary, words, {
      encoding: "utf8",
      env: { ...process.env, ASSAY_STORE: whose, ASSAY_STATE: `${whose}-state` },
    });
  const key = (whose: string, name: string): { vkey: string; fingerprint: string } =>
    JSON.parse(terminal(whose, "--json", "approvals", "key", "create", name));
  beforeAll(async () => {
    terminal(here, "import", CLAIMS, "--quiet");
    const [ann, ben] = [key(here, "Ann Khan"), key(there, "Ben Ode")];
    const register = (whose: string, name: string, other: typeof ann) =>
      terminal(whose, "approvals", "persons", "add", name, other.vkey, "--fingerprint", other.fingerprint);
    register(here, "Ben Ode", ben);
    register(there, "Ann Khan", ann);
    terminal(here, "approvals", "rules", "on", "policies");
    process.env.ASSAY_STATE = `${here}-state`;
    site = await serve(place.binary, here);
    screen = await opened(site, "/redaction");
  });
  afterAll(() => site?.stop());

  const inForce = async () => {
    const policies = await ask(site, "redaction.policies", {});
    return policies.filter((one) => one.in_force).map((one) => one.reference);
  };
  /** Opens the question of putting a version in force. */
  const asking = async (reference: string) => {
    const { page } = screen;
    await screen.open(`/redaction?policy=${encodeURIComponent(reference)}`);
    await page.getByRole("button", { name: "Put in force…" }).click();
    const dialog = page.getByRole("dialog", { name: `Put policy ${reference} in force?` });
    return { dialog, points: dialog.getByRole("list", { name: "What stands against it" }) };
  };
  /** Asks for approval of what the dialog shows; answers the file that goes to the other computer. */
  const asked = async ({ dialog }: Awaited<ReturnType<typeof asking>>) => {
    const button = dialog.getByRole("button", { name: "Ask for approval" });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByRole("textbox", { name: "Why all the same" }).fill(WHY);
    await button.click();
    await dialog.getByText("A second person has not answered yet.").waitFor();
    expect(await dialog.getByRole("button", { name: "Asked for approval" }).isDisabled()).toBe(true);
    const [request] = await ask(site, "approvals.list", {});
    return ask(site, "approvals.export", { id: request?.id ?? "" });
  };
  /** What Ben says at his computer is brought back; answers the dialog with it. */
  const brought = async (said: string) => {
    const { page } = screen;
    await screen.open("/approvals");
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Bring a decision back…" }).click();
    await (await chooser).setFiles(said);
    return page.getByRole("dialog", { name: /^Policies put in force/ });
  };

  test("what nobody tried is unknown; it is tried, and asked for with a reason", async () => {
    const { page } = screen;
    await ask(site, "redaction.save_policy", { toml: policy('DATE_TIME = { operator = "keep" }\n') });
    const question = await asking("claims@1");
    const { dialog, points } = question;
    await points
      .getByText(/Not rehearsed against default: what becomes of \d+ stored calls is not known/)
      .waitFor();
    await dialog.getByText(/^\d+ rules? differs?/).waitFor();
    await dialog.getByRole("button", { name: "Find out now" }).click();
    await points
      .getByText(/^Rehearsal\. (None )?of \d+ calls|^Rehearsal\. .* calls? newly shows?/)
      .waitFor({ timeout: 60_000 });
    expect(await points.getByText("Unknown", { exact: true }).count()).toBeGreaterThan(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await layoutProblems(page)).toEqual([]);
    const file = await asked(question);
    expect(await inForce()).toEqual(["default"]);
    const shown = terminal(there, "approvals", "show", file.path);
    expect(shown).toContain(WHY);
    expect(shown).toMatch(/rehearsal/i);
    const said = join(place.folder, "policy-said.txt");
    terminal(there, "approvals", "approve", file.path, "--reason", "Read with the points", "--out", said);
    const decided = await brought(said);
    await decided.getByText("Ben Ode").first().waitFor();
    await decided.getByText("Read with the points").waitFor();
    await decided.getByText(WHY).first().waitFor();
    await decided
      .getByText(/^\d of 5 points are not clear\.$/)
      .or(decided.getByText(/points are not clear/))
      .first()
      .waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test("what was approved is put in force once, with the reason that was approved", async () => {
    const { page } = screen;
    const { dialog } = await asking("claims@1");
    // The reason that was asked with stands there; another one is another deed.
    const reason = dialog.getByRole("textbox", { name: "Why all the same" });
    await dialog.getByText("It can be done once.").waitFor();
    expect(await reason.inputValue()).toBe(WHY);
    await reason.fill(`${WHY}, and more`);
    await dialog.getByRole("button", { name: "Ask for approval" }).waitFor();
    await reason.fill(WHY);
    await dialog.getByRole("button", { name: "Put in force all the same" }).click();
    await page.getByText("Policy claims@1 is in force.").waitFor();
    await page.getByText("In force", { exact: true }).first().waitFor();
    expect(await inForce()).toEqual(["claims@1"]);
    const [request] = await ask(site, "approvals.list", {});
    expect(request).toMatchObject({
      state: "used",
      decision: { verdict: "approved", reason: "Read with the points" },
    });
  });

  test("what was refused is not in force, says why, and can be asked for again", async () => {
    const toml = policy('DATE_TIME = { operator = "keep" }\nEMAIL_ADDRESS = { operator = "keep" }\n');
    await ask(site, "redaction.save_policy", { toml });
    const question = await asking("claims@2");
    await question.points
      .getByText("EMAIL_ADDRESS is kept")
      .or(question.points.getByText(/EMAIL_ADDRESS/))
      .first()
      .waitFor();
    const file = await asked(question);
    const said = join(place.folder, "policy-refused.txt");
    terminal(
      there,
      "approvals",
      "refuse",
      file.path,
      "--reason",
      "Mail addresses name people",
      "--out",
      said,
    );
    const decided = await brought(said);
    await decided.getByText("Refused by").waitFor();
    await decided.getByText("Mail addresses name people").waitFor();
    const { dialog } = await asking("claims@2");
    await dialog.getByText(/Mail addresses name people.*It can be asked for again\./).waitFor();
    expect(await dialog.getByRole("button", { name: /^Put in force/ }).count()).toBe(0);
    await dialog.getByRole("textbox", { name: "Why all the same" }).fill("Until the mailboxes are closed");
    await dialog.locator("button:enabled", { hasText: "Ask for approval" }).waitFor();
    await dialog.getByRole("button", { name: "Leave it as it is" }).click();
    expect(await inForce()).toEqual(["claims@1"]);
    await expect(ask(site, "redaction.put_in_force", { name: "claims@2", reason: WHY })).rejects.toThrow(
      /approval/,
    );
    expect(screen.complaints).toEqual([]);
  });
});

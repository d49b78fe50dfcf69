// What a person does who is asked for the code of the terminal: reads it there and types it.

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import type { Address } from "./site";

/** The code that the server's terminal showed last; none before a question was asked. */
export function lastCode(site: Address): string {
  const shown = [...readFileSync(site.terminal, "utf8").matchAll(/type this code into the page: (\d{6})\n/g)];
  return shown.at(-1)?.[1] ?? "";
}

/** Answers the question that is asked with the code of the terminal. */
export async function confirmOn(page: Page, site: Address): Promise<void> {
  const code = page.getByRole("textbox", { name: "Code" });
  await code.waitFor();
  await code.fill(lastCode(site));
  await code.press("Enter");
  await code.waitFor({ state: "detached" });
}

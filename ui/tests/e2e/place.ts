// What the browser specs share: one browser, one server on the sample organisation. Started once
// before all of them, stopped after the last.

import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { type Address, ask, finish, serve } from "./site";

/** What a spec needs to know. */
export type Place = {
  binary: string;
  /** A folder for stores and files; removed at the end. */
  folder: string;
  browser: string;
  /** The sample organisation; its checks have run. */
  sample: Address;
  /** A replay run that has ended, and a call of it that was sent. */
  run: string;
  /** A finding that is not met. */
  finding: string;
  deployment: string;
  /** A call in whose prompt something was found. */
  call: string;
};

declare module "vitest" {
  export interface ProvidedContext {
    /** Why there is none: no browser, no program. */
    place: Place | string;
  }
}

function found(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function browserPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return ["/usr/bin/chromium", ...folders.map((folder) => join(folder, "chromium"))].find(found);
}

export default async function place(project: TestProject): Promise<() => Promise<void>> {
  const binary = process.env.ASSAY_BIN;
  const executablePath = browserPath();
  const missing =
    !binary || !found(binary)
      ? "ASSAY_BIN names no program: build it with `cargo build -p assay-cli`"
      : executablePath
        ? null
        : "there is no chromium";
  if (missing !== null || !binary || !executablePath) {
    const reason = missing ?? "";
    if (process.env.CI) throw new Error(reason);
    process.stderr.write(`\nThe browser specs are SKIPPED: ${reason}.\n\n`);
    project.provide("place", reason);
    return () => Promise.resolve();
  }
  const folder = mkdtempSync(join(tmpdir(), "assay-e2e-"));
  const [browser, site] = await Promise.all([
    chromium.launchServer({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    }),
    serve(binary, join(folder, "sample"), "--sample"),
  ]);
  project.provide("place", { binary, folder, browser: browser.wsEndpoint(), ...(await prepared(site)) });
  return async () => {
    await Promise.all([browser.close(), site.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Replays a few calls and looks up what the specs open. */
async function prepared(sample: Address): Promise<Omit<Place, "binary" | "folder" | "browser">> {
  const query = "deployment:underwriting-vertex has:entity_type status:ok";
  const plan = await ask(sample, "replay.plan", { backend: "sandbox", query, policy: "default", limit: 5 });
  const run = await finish(sample, "replay.start", { plan: plan.id });
  const { findings } = await ask(sample, "checks.findings", { verdict: "not_met" });
  const { calls } = await ask(sample, "trail.calls", { query, limit: 1 });
  const [finding] = findings;
  const [call] = calls;
  if (!finding || !call) throw new Error("the sample holds no finding or no call with an entity");
  const { origin, token, terminal } = sample;
  return {
    sample: { origin, token, terminal },
    run: run.id,
    finding: finding.id,
    deployment: call.deployment,
    call: call.id,
  };
}

// `assay serve` for a test: started on a store, asked over HTTP as the page asks it, stopped at the end.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { CommandName, Input, JobName, Output, PlainName } from "@/lib/call";

/** Where a server listens, the token that it asks for, and the file that holds what its terminal shows. */
export type Address = { origin: string; token: string; terminal: string };
export type Site = Address & { stop: () => Promise<void> };

const START_MS = 90_000;

/** Starts a server on `store`; its first line says where it listens. */
export function serve(binary: string, store: string, ...more: string[]): Promise<Site> {
  const ui = process.env.ASSAY_UI;
  const listening = ["serve", "--store", store, "--listen", "127.0.0.1:0", ...(ui ? ["--ui", ui] : [])];
  const terminal = `${store}.terminal`;
  const shown = openSync(terminal, "w");
  const child = spawn(binary, [...listening, ...more], { stdio: ["ignore", "pipe", shown] });
  closeSync(shown);
  const { stdout } = child;
  if (!stdout) throw new Error("the server's output is piped");
  const problem = () => readFileSync(terminal, "utf8");
  return new Promise((resolve, reject) => {
    let out = "";
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the server did not start within ${START_MS} ms: ${problem()}`));
    }, START_MS);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`the server ended with ${code}: ${problem()}`));
    });
    stdout.on("data", (text) => {
      out += text;
      const found = /^(http:\/\/\S+)\/#token=(\w+)\n/.exec(out);
      const [, origin, token] = found ?? [];
      if (!origin || !token) return;
      clearTimeout(late);
      resolve({ origin, token, terminal, stop: () => ended(child) });
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    if (child.exitCode !== null || !child.kill("SIGINT")) resolve();
  });
}

/** What a command answers; a refusal is an error. */
export async function ask<Name extends PlainName>(
  site: Address,
  name: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  return (await send(site, name, input)) as Output<Name>;
}

/** Carries a job out and answers once it has ended. */
export async function finish<Name extends JobName>(
  site: Address,
  name: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  const heard = await fetch(`${site.origin}/events`, { headers: bearer(site) });
  if (!heard.body) throw new Error("the server tells no events");
  const { job } = (await send(site, name, input)) as { job: number };
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of heard.body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const event = line.startsWith("data:") ? JSON.parse(line.slice(5)) : {};
      if (event.job?.id !== job || event.job.state === "running") continue;
      if (event.job.state !== "done") throw new Error(`${name} ended as ${JSON.stringify(event.job.error)}`);
      return event.job.result;
    }
  }
  throw new Error(`the server ended before ${name}`);
}

const bearer = (site: Address) => ({ Authorization: `Bearer ${site.token}` });

async function send(site: Address, name: CommandName, input: unknown): Promise<unknown> {
  const answer = await fetch(`${site.origin}/rpc`, {
    method: "POST",
    headers: { ...bearer(site), "Content-Type": "application/json" },
    body: JSON.stringify({ name, input }),
  });
  if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
  return answer.json();
}

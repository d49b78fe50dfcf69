// Words and signs of coverage: what a day of a source looks like without its colour.

import type { DayCell, DigestDay } from "@/lib/bindings";
import { count, counted, date } from "@/lib/format";

/** How a state of a day, or a verdict of the digests, looks: its sign and its colours. */
export type Look = { sign: string; look: string };

const STATES: Record<string, Look> = {
  recorded: { sign: "█", look: "chip-met" },
  partial: { sign: "!", look: "chip-medium" },
  hole: { sign: "×", look: "chip-critical" },
  elsewhere: { sign: "?", look: "chip-unknown" },
  nothing: { sign: "·", look: "text-muted" },
};

const VERDICTS: Record<string, Look> = {
  verified: { sign: "✓", look: "chip-met" },
  partly: { sign: "!", look: "chip-medium" },
  unverified: { sign: "~", look: "chip-info" },
  no_digest: { sign: "?", look: "chip-unknown" },
  gap: { sign: "−", look: "chip-medium" },
  failed: { sign: "×", look: "chip-critical" },
};

const UNKNOWN: Look = { sign: "·", look: "text-muted" };

/** What a state is shown with. */
export function stateLook(state: string): Look {
  return STATES[state] ?? UNKNOWN;
}

/** What a verdict of the digests is shown with. */
export function verdictLook(verdict: string): Look {
  return VERDICTS[verdict] ?? UNKNOWN;
}

/** Bars that grow with the calls of a day, of the busiest day of its row. */
export function bar(calls: number, most: number): string {
  const share = most === 0 ? 0 : calls / most;
  if (share > 0.75) return "█";
  if (share > 0.5) return "▆";
  return share > 0.25 ? "▄" : "▂";
}

const WORDS: Record<string, string> = {
  recorded: "recorded",
  partial: "recorded, with a known hole",
  hole: "a hole",
  elsewhere: "not covered here",
  nothing: "nothing recorded by any source of its deployments",
};

/** A day of a source in words. */
export function cellText(cell: DayCell, titles: ReadonlyMap<string, string>): string {
  const parts = [`${date(cell.day)}: ${WORDS[cell.state] ?? cell.state}`];
  if (cell.calls > 0) parts.push(counted(cell.calls, "call"));
  if (cell.elsewhere > 0) parts.push(`${counted(cell.elsewhere, "call")} only in other sources`);
  for (const name of cell.signatures) parts.push(titles.get(name) ?? name);
  return parts.join("; ");
}

/** A day of the digests in words. */
export function digestText(day: string, digest: DigestDay | undefined): string {
  if (digest === undefined) return `${date(day)}: no CloudTrail log file and no digest`;
  const files = `${count(digest.verified)} of ${counted(digest.files, "log file")} verified`;
  const failed = digest.failed > 0 ? `; ${count(digest.failed)} not as delivered` : "";
  return `${date(day)}: ${digest.verdict.replace("_", " ")}; ${files}${failed}`;
}

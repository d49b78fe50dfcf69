// Words of the provider's reports: how a comparison came out, and what a model is called.

import type { TokenCounts } from "@/lib/bindings";
import { count } from "@/lib/format";

type Look = { sign: string; look: string; word: string };

const STATES: Record<string, Look> = {
  agrees: { sign: "✓", look: "chip-met", word: "Agrees" },
  billed_more: { sign: "!", look: "chip-critical", word: "Billed more" },
  held_more: { sign: "+", look: "chip-medium", word: "Trail holds more" },
};

const UNKNOWN: Look = { sign: "?", look: "chip-unknown", word: "Unknown" };

/** How the two sides stand to each other, as a sign and a word. */
export function stateLook(state: string): Look {
  return STATES[state] ?? UNKNOWN;
}

/** The name of a line's model. */
export function modelName(model: string | null): string {
  if (model === null) return "All models";
  return model === "" ? "Not named by the request" : model;
}

/** The buckets of a count in words, for a tooltip. */
export function bucketText(tokens: TokenCounts): string {
  return [
    `${count(tokens.input_tokens)} input`,
    `${count(tokens.output_tokens)} output`,
    `${count(tokens.cache_read_tokens)} read from cache`,
    `${count(tokens.cache_write_5m_tokens)} written for 5 minutes`,
    `${count(tokens.cache_write_1h_tokens)} written for an hour`,
  ].join(", ");
}

// Text of records may hold characters that turn the text around it or are not seen at all. All of it
// is made visible where it enters the UI, so that no screen has to think of it.

import { visible } from "@/lib/format";

/** What is sent back to the engine as it came. */
const KEPT = new Set(["query", "toml", "handle", "next", "phrase"]);

/** An answer of the engine with every text in it as it may be shown. */
export function shown<Answer>(answer: Answer): Answer {
  // The form stays: texts become texts, so the type does as well.
  return made(answer) as Answer;
}

function made(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [visible(key), KEPT.has(key) ? inner : made(inner)]),
  );
}

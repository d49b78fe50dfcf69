// The entities of a preview in reading order, and what becomes of each, in words.

import type { Field, PreviewField, PreviewSegment } from "@/lib/bindings";
import { visible } from "@/lib/format";

export type Replacement = {
  /** From 1, over all fields. */
  number: number;
  field: PreviewField;
  segment: PreviewSegment;
};

/** The number of the first entity of each field, so that both sides and the list agree. */
export function replacements(fields: readonly PreviewField[]): Replacement[] {
  const found: Replacement[] = [];
  for (const field of fields) {
    for (const segment of field.segments) {
      if (segment.entity_type !== null) found.push({ number: found.length + 1, field, segment });
    }
  }
  return found;
}

const DONE: Record<string, string> = {
  replace: "replaced by",
  mask: "masked as",
  redact: "removed",
  hash: "hashed to",
  pseudonym: "stands as",
  date_shift: "moved to",
  generalise: "made coarser:",
  reversible: "put behind the token",
  keep: "kept as it is",
  allow: "left alone by the allow list",
};

/** "replaced by [EMAIL_ADDRESS_1]" */
export function whatBecame({ operator, after }: PreviewSegment): string {
  const done = DONE[operator ?? ""] ?? "became";
  return operator === "redact" || operator === "keep" || operator === "allow" ? done : `${done} ${after}`;
}

const FIELDS: Record<Field, string> = {
  system: "System",
  user_message: "User message",
  assistant_message: "Assistant message",
  tool_definition: "Tool definition",
  tool_input: "Tool input",
  tool_result: "Tool result",
  thinking: "Thinking",
  document: "Document",
  metadata: "Metadata",
  response: "Answer",
  response_tool_input: "Answer, tool input",
  response_thinking: "Answer, thinking",
};

/** "Tool input" of `tool_input`; a name that this window does not know stays. */
export function fieldName(field: string): string {
  return (FIELDS as Record<string, string>)[field] ?? field;
}

/** "Tool input · search_claims · rows[0] · turn 3" */
export function fieldTitle({ field, label, path, turn }: PreviewField): string {
  const parts = [field === null ? "Text" : FIELDS[field]];
  if (label !== null) parts.push(label);
  if (path !== null) parts.push(visible(path));
  if (turn !== null) parts.push(`turn ${turn + 1}`);
  return parts.join(" · ");
}

// Where a version of a policy is in force, in words.

import type { InForce, PolicyRow } from "@/lib/bindings";

/** The times that have no end yet. */
export function holding(row: PolicyRow): InForce[] {
  return row.times.filter((time) => time.until === null);
}

/** "in force", "in force for claims", "was in force", "draft", or nothing for a part of the program. */
export function stateWord(row: PolicyRow): string {
  const places = holding(row).map((time) => time.deployment);
  if (places.includes(null)) return "in force";
  if (places.length > 0) return `in force for ${places.join(", ")}`;
  if (row.times.length > 0) return "was in force";
  return row.builtin ? "" : "draft";
}

/** "claims@3 · in force" */
export function policyTitle(row: PolicyRow): string {
  const state = stateWord(row);
  return state === "" ? row.reference : `${row.reference} · ${state}`;
}

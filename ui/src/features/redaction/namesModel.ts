// The names model that took part in a result.

import type { NamesModelUsed } from "@/lib/bindings";

/** What stands behind a policy's version: which model, by the beginning of its hash. */
export function besideModel(model: NamesModelUsed | null): string {
  return model === null ? "" : ` with names model ${model.name} (${model.sha256.slice(0, 12)}…)`;
}

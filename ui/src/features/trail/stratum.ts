// A stratum of a review sample in words.

import { visible } from "@/lib/format";

/** The values of a stratum; one that no record tells is said to be not recorded. */
export function stratumName(values: readonly (string | null)[]): string {
  if (values.length === 0) return "All calls";
  return values.map((value) => (value === null ? "not recorded" : visible(value))).join(", ");
}

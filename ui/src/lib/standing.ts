// How far the tree is signed and anchored, in words; the same in the bar, the overview and here.

import type { EvidenceStatus } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

/** "Signed to #1,204 of 1,210" or why not. */
export function signedTo(status: EvidenceStatus): string {
  if (status.signed_to === null) return "Not signed";
  return status.unsigned === 0
    ? `Signed to #${count(status.signed_to.size)}, all of it`
    : `Signed to #${count(status.signed_to.size)} of ${count(status.size)}: ${counted(status.unsigned, "leaf", "leaves")} not yet`;
}

/** "Anchored to #1,100 by tsa.example" or that it isn't. */
export function anchoredTo(status: EvidenceStatus): string {
  if (status.anchored_to === null) return "Not anchored";
  return `Anchored to #${count(status.anchored_to.size)} by ${status.anchored_to.by}`;
}

/** The tree's standing as the bar at the bottom says it. */
export function standing(status: EvidenceStatus): string {
  switch (status.state) {
    case "ok":
      return [signedShort(status), anchoredTo(status)].join(" · ");
    case "not_signed":
      return `Not signed · ${counted(status.size, "leaf", "leaves")}`;
    case "key_missing":
      return `Key missing · ${signedShort(status)}`;
    case "rolled_back":
      return "Rolled back: nothing is added";
    case "damaged":
      return "Damaged: nothing is added";
  }
}

function signedShort(status: EvidenceStatus): string {
  return status.signed_to === null ? "Not signed" : `Signed to #${count(status.signed_to.size)}`;
}

// Figures of a measurement as the tables show them.

import type { Agreement } from "@/lib/bindings";
import { MISSING } from "@/lib/format";

export const TOO_FEW = "Too few to judge";

export type Figure = { value: string; interval: string | null };

/** "0.943" and "0.921–0.960"; "Too few to judge" below 30. */
function figure(value: number | null, interval: readonly [number, number] | null, isTooFew: boolean): Figure {
  if (value === null) return { value: MISSING, interval: null };
  if (isTooFew) return { value: TOO_FEW, interval: null };
  const shown = interval === null ? null : `${interval[0].toFixed(3)}–${interval[1].toFixed(3)}`;
  return { value: value.toFixed(3), interval: shown };
}

export function precision(one: Agreement): Figure {
  return figure(one.precision, one.precision_interval, one.too_few_found);
}

export function recall(one: Agreement): Figure {
  return figure(one.recall, one.recall_interval, one.too_few);
}

export function f2(one: Agreement): Figure {
  return figure(one.f2, one.f2_interval, one.too_few || one.too_few_found);
}

/** UTF-16 units of a text → Unicode code points, as the engine counts. */
export function points(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}

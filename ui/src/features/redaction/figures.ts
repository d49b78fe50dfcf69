// Figures of a measurement as the tables show them.

import type { Agreement } from "@/lib/bindings";

export const TOO_FEW = "Too few to judge";

/** "0.943 (0.921–0.960)"; "Too few to judge" below 30. */
export function figure(
  value: number | null,
  interval: readonly [number, number] | null,
  isTooFew: boolean,
): string {
  if (value === null) return "–";
  if (isTooFew) return TOO_FEW;
  const shown = value.toFixed(3);
  return interval === null ? shown : `${shown} (${interval[0].toFixed(3)}–${interval[1].toFixed(3)})`;
}

export function precision(one: Agreement): string {
  return figure(one.precision, one.precision_interval, one.too_few_found);
}

export function recall(one: Agreement): string {
  return figure(one.recall, one.recall_interval, one.too_few);
}

export function f2(one: Agreement): string {
  return figure(one.f2, one.f2_interval, one.too_few || one.too_few_found);
}

/** UTF-16 units of a text → Unicode code points, as the engine counts. */
export function points(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}

// Figures of a report as people read them.

import type { Counted, Figure, Value } from "@/lib/bindings";
import { count, duration, percent, usd } from "@/lib/format";

const MICROS = 1_000_000;

export function valueText(value: Value): string {
  switch (value.is) {
    case "count":
    case "share":
      return count(value.value);
    case "money":
      return usd(String(value.value / MICROS));
    case "duration_ms":
      return duration(value.value);
    case "text":
      return value.value;
  }
}

/** "1.4 %" where the figure is a share; nothing otherwise. */
export function shareText({ value, denominator }: Figure): string | null {
  return value.is === "share" && denominator !== null ? percent(value.value, denominator.value) : null;
}

/** "64,211 calls", or nothing. */
export function countedText(counted: Counted | null): string | null {
  return counted === null ? null : `${count(counted.value)} ${counted.what}`;
}

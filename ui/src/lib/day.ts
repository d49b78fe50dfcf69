// Days in UTC, as texts like `2026-11-01`.

export const DAY_MS = 86_400_000;

/** The day of a moment. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The day before or after, of a day or of a time: `2026-10-31` of `2026-11-01` and −1. */
export function dayFrom(day: string, days: number): string {
  return dayOf(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) + days * DAY_MS);
}

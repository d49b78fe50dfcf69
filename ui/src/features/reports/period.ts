// Periods of reports: whole days in UTC. People name the last day that belongs to a period, the
// engine the first that no longer does.

import { dayFrom, dayOf } from "@/lib/day";
import { date } from "@/lib/format";

export type Period = { from: string; to: string };

function monthOf(at: Date, months: number): Period {
  const start = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1);
  const end = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 1);
  return { from: dayOf(start), to: dayOf(end) };
}

/**
 * The last calendar month that is over and has calls: half open, `to` is the first day after it.
 *
 * Where calls stand only in the month that still runs, that month; without calls the month before `now`.
 */
export function standardPeriod(firstCall: string | null, lastCall: string | null, now: Date): Period {
  const before = monthOf(now, -1);
  if (firstCall === null || lastCall === null) return before;
  const last = new Date(lastCall);
  const ofLast = monthOf(last, 0);
  if (ofLast.to <= dayOf(now.getTime())) return ofLast;
  return firstCall < before.to ? before : ofLast;
}

/** "1 Oct 2026 – 31 Oct 2026" for whole days; both moments otherwise. */
export function periodText({ from, to }: Period): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(to) ? `${date(from)} – ${date(dayFrom(to, -1))}` : `${from} – ${to}`;
}

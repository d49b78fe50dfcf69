// What a waiver needs, said before the engine is asked; the engine refuses the same.

import { DAY_MS, dayOf } from "@/lib/day";

export const LEAST_REASON = 30;
export const MOST_DAYS = 365;
export const USUAL_DAYS = 90;

/** The UTC date so many days ahead: `2027-02-23`. */
export function inDays(days: number, nowMs: number): string {
  return dayOf(nowMs + days * DAY_MS);
}

export function reasonProblem(reason: string): string | undefined {
  return [...reason.trim()].length < LEAST_REASON
    ? `Say in at least ${LEAST_REASON} characters why it is accepted.`
    : undefined;
}

export function peopleProblem(owner: string, approver: string): string | undefined {
  if (approver.trim() === "") return "Name who approves it.";
  return owner.trim().toLowerCase() === approver.trim().toLowerCase()
    ? "The approver must be somebody else than the owner."
    : undefined;
}

export function endProblem(until: string | null, nowMs: number): string | undefined {
  if (until === null) return "Give the day on which it ends.";
  if (until < inDays(0, nowMs) || until > inDays(MOST_DAYS, nowMs)) {
    return `The end lies between today and ${MOST_DAYS} days ahead.`;
  }
  return undefined;
}

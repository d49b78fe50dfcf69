import { expect, test } from "vitest";
import { periodText, standardPeriod } from "@/features/reports/period";
import { dayFrom } from "@/lib/day";

const at = (first: string, last: string, now: string) => {
  const { from, to } = standardPeriod(first, last, new Date(now));
  return `${from} ${to}`;
};

test("the standard period is the last month that is over and has calls", () => {
  expect(at("2026-09-03T00:00:00Z", "2026-10-30T00:00:00Z", "2026-11-25T00:00:00Z")).toBe(
    "2026-10-01 2026-11-01",
  );
  expect(at("2026-09-03T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-25T00:00:00Z")).toBe(
    "2026-10-01 2026-11-01",
  );
  expect(at("2026-01-03T00:00:00Z", "2026-02-20T00:00:00Z", "2026-11-25T00:00:00Z")).toBe(
    "2026-02-01 2026-03-01",
  );
  expect(at("2026-11-03T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-25T00:00:00Z")).toBe(
    "2026-11-01 2026-12-01",
  );
});

test("people read the last day that belongs to a period", () => {
  expect(dayFrom("2026-03-01", -1)).toBe("2026-02-28");
  expect(periodText({ from: "2026-10-01", to: "2026-11-01" })).toBe("1 Oct 2026 – 31 Oct 2026");
});

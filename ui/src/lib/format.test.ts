// @vitest-environment node
import { describe, expect, test } from "vitest";
import {
  ago,
  bytes,
  count,
  counted,
  date,
  duration,
  moment,
  percent,
  share,
  shortCount,
  shortId,
  time,
  timeCell,
  usd,
  visible,
} from "@/lib/format";

function check<Given extends readonly unknown[]>(
  name: string,
  write: (...given: Given) => string,
  cases: readonly [...Given, string][],
): void {
  test.for(cases)(`${name} of %j is written as it is said`, (given) => {
    const wanted = given[given.length - 1];
    expect(write(...(given.slice(0, -1) as unknown as Given))).toBe(wanted);
  });
}

check("count", count, [
  [0, "0"],
  [2318447, "2,318,447"],
]);
check("shortCount", shortCount, [
  [9999, "9,999"],
  [12400, "12.4k"],
]);
check("counted", (value: number) => counted(value, "call"), [
  [1, "1 call"],
  [0, "0 calls"],
  [2318, "2,318 calls"],
]);
check("percent", percent, [
  [0, 10, "0.0 %"],
  [904, 64211, "1.4 %"],
  [1, 1_000_000, "< 0.1 %"],
  [999_999, 1_000_000, "> 99.9 %"],
  [10, 10, "100.0 %"],
  [0, 0, "–"],
]);
check("share", share, [
  [904, 64211, "1.4 % (904 of 64,211)"],
  [0, 0, "– (of 0)"],
]);
check("timeCell", timeCell, [
  ["2026-11-23T14:08:51.418Z", "2026-11-23 14:08:51.418"],
  [null, "–"],
]);
check("time", time, [
  ["2026-11-23T14:08:51.418Z", "23 Nov 2026, 14:08:51 UTC"],
  [null, "–"],
  ["not a time", "not a time"],
]);
check("date", date, [
  ["2026-11-23", "23 Nov 2026"],
  ["2026-11-23T23:59:59.999Z", "23 Nov 2026"],
  [null, "–"],
]);
check("moment", moment, [[Date.UTC(2026, 8, 2, 14), "2 Sept 2026, 14:00"]]);
check("duration", duration, [
  [2418, "2,418 ms"],
  [12_400, "12.4 s"],
  [200_000, "3 m 20 s"],
  [3_599_600, "1 h 0 m"],
  [null, "–"],
]);
check("usd", usd, [
  ["1204.5", "$1,204.50"],
  ["0.0083", "$0.0083"],
  ["0.00000012", "$0.00000012"],
  ["0", "$0.00"],
  ["lots", "lots"],
  [null, "–"],
]);
check("bytes", bytes, [
  [999, "999 B"],
  [1000, "1.0 kB"],
  [12_400_000_000, "12.4 GB"],
]);
check("shortId", shortId, [
  ["263395ddfa0f8717871e131fd1499703", "263395dd…9703"],
  ["short", "short"],
]);
check("visible", visible, [
  ["two\nlines\tand a tab", "two\nlines\tand a tab"],
  ["a\u0000b\u001b[31m", "a\\u0000b\\u001b[31m"],
  ["\u202egnirts\u202c\u2066\u061c", "\\u202egnirts\\u202c\\u2066\\u061c"],
  ["\u{e0041}\u2028", "\\ue0041\\u2028"],
  ["Ærøskøbing 東京 👩", "Ærøskøbing 東京 👩"],
]);

describe("ago", () => {
  const now = Date.UTC(2026, 10, 23, 12);
  check("ago", (minutes: number) => ago(new Date(now - minutes * 60_000).toISOString(), now), [
    [0, "just now"],
    [4, "4 min ago"],
    [120, "2 h ago"],
    [60 * 72, "3 days ago"],
  ]);
});

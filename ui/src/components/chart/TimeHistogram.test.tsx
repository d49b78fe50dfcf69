import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { TimeHistogram } from "@/components/chart/TimeHistogram";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 8, 2);
const bars = [4, 0, 7, 2].map((ok, index) => ({
  start_ms: START + index * HOUR,
  ok,
  limited: 1,
  errors: index,
}));

function show() {
  const chosen: [number, number][] = [];
  render(<TimeHistogram bars={bars} barMs={HOUR} onChosen={(from, to) => chosen.push([from, to])} />);
  screen.getByRole("application").focus();
  return { chosen, user: userEvent.setup() };
}

const told = () => document.querySelector("figcaption")?.textContent;

test("arrow keys read the bars, and stop at both ends", async () => {
  const { user } = show();
  await user.keyboard("{ArrowRight}");
  expect(told()).toContain(
    "2 Sept 2026, 00:00 to 2 Sept 2026, 01:00: 5 calls, 1 limited (429), 0 other errors",
  );
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(told()).toContain("00:00 to");
  await user.keyboard("{ArrowRight>9/}");
  expect(told()).toContain("03:00 to 2 Sept 2026, 04:00: 6 calls, 1 limited (429), 3 other errors");
});

test("Enter shows the bar, half-open", async () => {
  const { user, chosen } = show();
  await user.keyboard("{ArrowRight}{ArrowRight}{Enter}");
  expect(chosen).toEqual([[START + HOUR, START + 2 * HOUR]]);
});

test("Shift and arrows choose several, in both directions", async () => {
  const { user, chosen } = show();
  await user.keyboard("{ArrowLeft}{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}{Enter}");
  expect(chosen).toEqual([[START + HOUR, START + 4 * HOUR]]);
});

test("Esc and Enter without a bar choose nothing", async () => {
  const { user, chosen } = show();
  await user.keyboard("{Enter}{ArrowRight}{Escape}{Enter}");
  expect(chosen).toEqual([]);
  expect(told()).toContain("1 h a bar");
});

test("bars of seconds say so", () => {
  render(<TimeHistogram bars={bars} barMs={10_000} onChosen={() => {}} />);
  expect(told()).toContain("10 s a bar");
});

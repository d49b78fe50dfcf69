import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { plainSegment } from "@/features/redaction/blocks";
import { PreviewResult } from "@/features/redaction/PreviewResult";
import { preview, segment } from "../../../tests/fake-lab";

/** Tells what is in sight, as a page does. */
let tell: (keys: string[], isIntersecting: boolean) => void = () => undefined;

function canTell() {
  const watched: Element[] = [];
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(callback: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
        tell = (keys, isIntersecting) =>
          callback(
            watched
              .filter((target) => keys.includes(target.getAttribute("data-near") ?? ""))
              .map((target) => ({ target, isIntersecting })),
          );
      }
      observe = (element: Element) => void watched.push(element);
      unobserve = () => undefined;
      disconnect = () => undefined;
    },
  );
}

Element.prototype.scrollIntoView = vi.fn();
afterEach(() => vi.unstubAllGlobals());

const LINES = 400;
const LONG = preview({
  fields: [
    {
      field: null,
      label: null,
      path: null,
      turn: null,
      segments: Array.from({ length: LINES }, (_, line) => [
        plainSegment(`line ${line}: `),
        segment({ before: `ann${line}@example.com`, after: `[EMAIL_ADDRESS_${line}]` }),
        plainSegment("\n"),
      ]).flat(),
    },
  ],
});

test("dots of what a policy keeps are not read as what it makes of it", () => {
  canTell();
  const kept = segment({ before: "•••••", after: "•••••", operator: "keep" });
  const field = { field: null, label: null, path: null, turn: null };
  const shown = render(
    <PreviewResult preview={preview({ revealed: false, fields: [{ ...field, segments: [kept] }] })} />,
  );
  expect(screen.getByRole("heading", { name: /^After/ })).toHaveTextContent(
    "dots are originals that it keeps",
  );
  shown.unmount();
  render(
    <PreviewResult preview={preview({ revealed: false, fields: [{ ...field, segments: [segment()] }] })} />,
  );
  expect(screen.getByRole("heading", { name: /^After/ })).not.toHaveTextContent("dots");
});

test("a long text is all there, and marked where somebody looks", () => {
  canTell();
  const { container } = render(<PreviewResult preview={LONG} />);
  const sides = screen.getByRole("region", { name: "Before and after" });
  for (const line of [0, 200, LINES - 1]) {
    expect(sides).toHaveTextContent(`ann${line}@example.com`);
    expect(sides).toHaveTextContent(`[EMAIL_ADDRESS_${line}]`);
  }
  expect(container.querySelectorAll("*").length).toBeLessThan(2_000);
  expect(document.getElementById("after-1")).not.toBeNull();
  expect(document.getElementById("after-350")).toBeNull();
  const far = [...sides.querySelectorAll("[data-near]")].at(-2)?.getAttribute("data-near") ?? "";
  act(() => tell([far], true));
  expect(sides.querySelectorAll(`[data-near="${far}"] [id^="after-"]`).length).toBeGreaterThan(5);
  act(() => tell([far], false));
  expect(sides.querySelectorAll(`[data-near="${far}"] [id^="after-"]`).length).toBe(0);
});

test("what is chosen in the list is marked and gone to, however far it is", async () => {
  canTell();
  render(<PreviewResult preview={LONG} />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "List 100 more replacements of 300" }));
  await user.click(screen.getByRole("button", { name: /^200/ }));
  expect(document.getElementById("after-200")).not.toBeNull();
  expect(Element.prototype.scrollIntoView).toHaveBeenCalled();
  expect(screen.getByRole("button", { name: /^200/ })).toHaveAttribute("aria-pressed", "true");
});

test("what the policy finds and keeps is not shown as if it were hidden", () => {
  const kept = segment({
    before: "7 May 2026",
    after: "7 May 2026",
    entity_type: "DATE_TIME",
    operator: "keep",
  });
  const one = preview({ fields: [{ field: null, label: null, path: null, turn: null, segments: [kept] }] });
  render(<PreviewResult preview={one} />);
  expect(document.getElementById("after-1")).toHaveAttribute("data-kept", "true");
  expect(document.getElementById("after-1")).toHaveTextContent("start date or time, left as it is");
});

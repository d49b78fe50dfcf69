import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Content } from "@/features/trail/Content";
import type { Revealed, WireError } from "@/lib/bindings";
import { setHost } from "@/lib/host";
import { client } from "@/lib/query";
import { fakeHost, wireError } from "../../../tests/fakeHost";
import { callDetail, maskedPart } from "../../../tests/records";

const ORIGINAL = "jo.doe@example.com";
const REVEALED: Revealed = {
  request: [
    maskedPart({ segments: maskedPart().segments.map((segment) => ({ ...segment, text: ORIGINAL })) }),
  ],
  response: [],
  activity: "a1",
  hide_after_s: 60,
};

beforeEach(() => client.clear());
afterEach(() => vi.useRealTimers());

function show(answer: Revealed | WireError = REVEALED) {
  const host = fakeHost({ "trail.reveal": answer });
  setHost(host);
  const detail = callDetail({ request: [maskedPart()] });
  const view = render(
    <QueryClientProvider client={client}>
      <Content detail={detail} />
    </QueryClientProvider>,
  );
  return { host, user: userEvent.setup(), view };
}

async function reveal(user: ReturnType<typeof userEvent.setup>) {
  await user.click(screen.getByRole("button", { name: "Reveal…" }));
  await user.click(await screen.findByRole("button", { name: "Reveal for 60 s" }));
}

test("R asks, a reason of its own needs ten characters, Cancel has the focus", async () => {
  const { user, host } = show();
  await user.keyboard("r");
  await screen.findByRole("dialog");
  expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: /Reason/ }));
  await user.click(await screen.findByRole("option", { name: "Other" }));
  const words = screen.getByRole("textbox", { name: "Say why" });
  const button = screen.getByRole("button", { name: "Reveal for 60 s" });
  await user.type(words, "    short    ");
  expect(button).toBeDisabled();
  await user.type(words, " enough");
  expect(button).toBeEnabled();
  expect(host.asked).toEqual([]);
  await user.click(button);
  await screen.findByText(new RegExp(ORIGINAL));
  expect(host.asked).toEqual([{ name: "trail.reveal", input: { id: "c1", reason: "short     enough" } }]);
});

test("where the reveal fails nothing is shown, and why is said", async () => {
  const { user } = show(wireError("file_unwritable", "the activity can't be written", "free some space"));
  await reveal(user);
  expect(await screen.findByRole("alert")).toHaveTextContent(
    "The activity can't be written. Free some space. Nothing was revealed.",
  );
  expect(screen.queryByText(new RegExp(ORIGINAL))).toBeNull();
  expect(screen.queryByRole("button", { name: /Hide now/, hidden: true })).toBeNull();
});

test("revealed text is kept nowhere but on screen, and Esc hides it", async () => {
  const { user } = show();
  await reveal(user);
  await screen.findByText(new RegExp(ORIGINAL));
  const kept = [...client.getMutationCache().getAll(), ...client.getQueryCache().getAll()].map(
    (one) => one.state,
  );
  expect(JSON.stringify(kept)).not.toContain(ORIGINAL);
  await user.keyboard("{Escape}");
  expect(screen.queryByText(new RegExp(ORIGINAL))).toBeNull();
  expect(screen.getByRole("button", { name: "Reveal…" })).toBeVisible();
});

test("revealed text counts down and hides itself; leaving the window hides it as well", async () => {
  const { user } = show();
  await reveal(user);
  await screen.findByText(new RegExp(ORIGINAL));
  vi.useFakeTimers();
  // The window is left and comes back within ten seconds: nothing happens.
  fireEvent.blur(window);
  act(() => vi.advanceTimersByTime(9_000));
  fireEvent.focus(window);
  act(() => vi.advanceTimersByTime(5_000));
  expect(screen.getByText(new RegExp(ORIGINAL))).toBeVisible();
  fireEvent.blur(window);
  act(() => vi.advanceTimersByTime(10_001));
  expect(screen.queryByText(new RegExp(ORIGINAL))).toBeNull();
});

test("whoever needs longer asks once for as long again, and it ends all the same", async () => {
  const { user } = show();
  await reveal(user);
  await screen.findByText(new RegExp(ORIGINAL));
  await user.click(screen.getByRole("button", { name: "Show 60 s longer" }));
  expect(screen.queryByRole("button", { name: "Show 60 s longer" })).toBeNull();
  vi.useFakeTimers();
  fireEvent.blur(window);
  act(() => vi.advanceTimersByTime(10_001));
  expect(screen.queryByText(new RegExp(ORIGINAL))).toBeNull();
});

test("copying revealed text is written to the trail first; what can't be written is not copied", async () => {
  const { user, host } = show();
  await reveal(user);
  const text = await screen.findByText(new RegExp(ORIGINAL));
  const copied = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  const select = () => document.getSelection()?.selectAllChildren(text);
  host.answer("trail.copied", wireError("store_locked", "the store is locked"));
  select();
  fireEvent.copy(text);
  await waitFor(() => expect(host.asked.at(-1)).toEqual({ name: "trail.copied", input: { id: "c1" } }));
  expect(copied).not.toHaveBeenCalled();
  host.answer("trail.copied", {});
  select();
  fireEvent.copy(text);
  await waitFor(() => expect(copied).toHaveBeenCalledWith(expect.stringContaining(ORIGINAL)));
});

test("who looked last is the newest of those who did", () => {
  setHost(fakeHost({}));
  const by = (name: string, at: string) => ({ at, by: name, reason: "Ticket 4711", activity: name });
  const reveals = [by("Newer", "2026-11-02T10:00:00.000Z"), by("Older", "2026-11-01T10:00:00.000Z")];
  render(
    <QueryClientProvider client={client}>
      <Content detail={callDetail({ reveals })} />
    </QueryClientProvider>,
  );
  expect(screen.getByText(/last by Newer/)).toBeVisible();
});

test("a dialog above and the end of another key's sequence are no wish to reveal", async () => {
  show();
  const taken = new KeyboardEvent("keydown", { key: "r", cancelable: true, bubbles: true });
  taken.preventDefault();
  window.dispatchEvent(taken);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

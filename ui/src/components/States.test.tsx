import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Answered, Empty, Loading, Problem } from "@/components/States";
import { wireError } from "../../tests/fakeHost";

const ERROR = wireError("store_locked", "the store is in use", "close the other window");

test("a problem says what, why, what to do, and its code", async () => {
  const onRetry = vi.fn();
  render(<Problem error={ERROR} what="list calls" onRetry={onRetry} />);
  expect(screen.getByRole("alert")).toHaveTextContent(
    "Couldn't list callsThe store is in use.Close the other window.Try againstore_locked",
  );
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
});

test("without a hint and a way to try again neither is shown", () => {
  render(<Problem error={wireError("internal", "it ended")} what="list calls" />);
  expect(screen.getByRole("alert")).toHaveTextContent("Couldn't list callsIt ended.internal");
  expect(screen.queryByRole("button")).toBeNull();
});

test("an empty place says what to do", () => {
  render(<Empty title="No calls yet" action={<button type="button">Import</button>} />);
  expect(screen.getByRole("heading", { name: "No calls yet" })).toBeVisible();
  expect(screen.getByRole("button")).toBeVisible();
});

test("bars are shown only to those who wait, and are named at once", () => {
  vi.useFakeTimers();
  render(<Loading what="calls" rows={3} />);
  const status = screen.getByRole("status", { name: "Loading calls" });
  expect(status).toBeEmptyDOMElement();
  act(() => vi.advanceTimersByTime(300));
  expect(status.children).toHaveLength(3);
  vi.useRealTimers();
});

test("an answer shows its data; an error stands before data of a question before", () => {
  const ask = { refetch: () => undefined };
  const view = (data: string | undefined, error: typeof ERROR | null) => (
    <Answered asked={{ ...ask, data, error }} what="it">
      {(text) => <p>{text}</p>}
    </Answered>
  );
  const { rerender } = render(view(undefined, null));
  expect(screen.getByRole("status", { name: "Loading it" })).toBeInTheDocument();
  rerender(view("here", null));
  expect(screen.getByText("here")).toBeVisible();
  rerender(view("here", ERROR));
  expect(screen.queryByText("here")).toBeNull();
  expect(screen.getByRole("alert")).toHaveTextContent("store_locked");
});

import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { QueryBar } from "@/features/trail/QueryBar";
import { setHost } from "@/lib/host";
import { client } from "@/lib/query";
import { fakeHost, wireError } from "../../../tests/fakeHost";

const KEYS = ["status", "served_region", "requested_region", "model"].map((key) => ({
  key,
  about: `about ${key}`,
  example: key,
}));

beforeEach(() => client.clear());

async function show(query = "") {
  const applied: string[] = [];
  setHost(
    fakeHost({
      "trail.keys": KEYS,
      "trail.count": ({ query: asked }) =>
        asked.includes("statsu") || asked.endsWith(":")
          ? wireError("bad_input", "unknown field: `statsu`", "did you mean `status`?")
          : { matching: asked.length, stored: 100 },
    }),
  );
  render(
    <QueryClientProvider client={client}>
      <QueryBar query={query} table="calls" onApplied={(next) => applied.push(next)} />
    </QueryClientProvider>,
  );
  const input = screen.getByRole("combobox", { name: "Query of calls" });
  await waitFor(() => expect(client.isFetching()).toBe(0));
  return { applied, input, user: userEvent.setup() };
}

test("Enter applies what was typed, and says before how many that shows", async () => {
  const { user, input, applied } = await show();
  await user.type(input, "status:error ");
  await screen.findByText("Enter shows 13 of 100");
  await user.keyboard("{Enter}");
  expect(applied).toEqual(["status:error"]);
});

test("what is wrong is told with a hint, beside the query, and isn't applied", async () => {
  const { user, input, applied } = await show();
  await user.type(input, "statsu:x");
  await waitFor(() => expect(input).toBeInvalid());
  expect(input).toHaveAccessibleDescription("Unknown field: statsu. Did you mean status?");
  await user.keyboard("{Enter}");
  expect(applied).toEqual([]);
  await user.clear(input);
  await waitFor(() => expect(input).toBeValid());
});

test("keys are completed by arrows and Enter, or by Tab, also behind a minus", async () => {
  const { user, input, applied } = await show();
  await user.type(input, "s");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
    "statusabout status",
    "served_regionabout served_region",
  ]);
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(screen.getByRole("option", { selected: true })).toHaveTextContent("served_region");
  expect(input).toHaveAttribute("aria-activedescendant", screen.getByRole("option", { selected: true }).id);
  await user.keyboard("{Enter}eu-* -m{Tab}");
  expect(input).toHaveValue("served_region:eu-* -model:");
  expect(applied).toEqual([]);
});

test("within quotation marks stand words, not keys", async () => {
  const { user, input } = await show();
  await user.type(input, '"words s');
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.type(input, '" s');
  expect(screen.getByRole("listbox")).toBeVisible();
});

test("Esc closes the list; clearing shows all and stays in the query", async () => {
  const { user, input, applied } = await show("status:ok");
  await user.type(input, " m");
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Clear the query" }));
  expect(applied).toEqual([""]);
  expect(input).toHaveValue("");
  expect(input).toHaveFocus();
});

import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Witnesses } from "@/features/trail/Witnesses";
import type { SourceVersion } from "@/lib/bindings";
import { callDetail } from "../../../tests/records";

function version(change: Partial<SourceVersion> = {}): SourceVersion {
  return {
    id: "a1",
    source: "bedrock_invocation_log",
    join: "shown",
    joined_by: "the record that is shown",
    started_at: "2026-11-01T10:00:00.000Z",
    request_model: "claude-opus-4-7",
    requested_region: "eu-west-1",
    served_region: null,
    status: "ok",
    http_status: null,
    input_tokens: 400,
    output_tokens: 100,
    cache_read_tokens: null,
    cache_write_5m_tokens: null,
    cache_write_1h_tokens: null,
    cost_usd: "0.06",
    cost_is_reported: false,
    text: "clear",
    ...change,
  };
}

test("an inferred record says so, and each disagreement is marked with a word", async () => {
  const onOpened = vi.fn();
  const other = version({ id: "b2", source: "litellm", join: "inferred", text: "masked" });
  render(
    <Witnesses
      detail={callDetail({
        versions: [version(), other],
        disagreements: [
          {
            field: "redaction",
            values: [
              { source: "bedrock_invocation_log", id: "a1", value: "in clear" },
              { source: "litellm", id: "b2", value: "masked" },
            ],
          },
        ],
      })}
      onOpened={onOpened}
    />,
  );
  const table = screen.getByRole("table", { name: "What each source recorded of this call" });
  expect(within(table).getByText("Inferred")).toBeVisible();
  const row = within(table).getByRole("row", { name: /Text/ });
  expect(within(row).getByText("Differs")).toBeVisible();
  expect(within(row).getByText("masked by the source")).toBeVisible();
  const tokens = within(table).getByRole("row", { name: /Input tokens/ });
  expect(within(tokens).queryByText("Differs")).toBeNull();
  expect(screen.getByRole("list", { name: "Disagreements" })).toHaveTextContent("in clear");
  await userEvent.setup().click(screen.getByRole("button", { name: "Open" }));
  expect(onOpened).toHaveBeenCalledWith("b2");
});

test("one record alone says what it may be joined by, and what could not be told apart", () => {
  const sentence = "Which of them is of this call can't be told.";
  const shown = (ambiguity: string | null) => (
    <Witnesses detail={callDetail({ versions: [version()], ambiguity })} onOpened={vi.fn()} />
  );
  const { rerender } = render(shown(null));
  expect(screen.getByText(/Only bedrock invocation log saw this call/)).toBeVisible();
  rerender(shown(sentence));
  expect(screen.queryByText(/Only/)).toBeNull();
  expect(screen.getByText("Can't be told apart")).toBeVisible();
  expect(screen.getByText(/can't be told\.$/)).toBeVisible();
});

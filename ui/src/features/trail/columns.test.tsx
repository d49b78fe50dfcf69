import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { CALL_COLUMNS } from "@/features/trail/columns";
import type { CallRow } from "@/lib/bindings";
import { callRow } from "../../../tests/records";

function status(change: Partial<CallRow>) {
  const column = CALL_COLUMNS.find((one) => one.id === "status");
  render(<p>{column?.cell(callRow(change))}</p>);
}

test("a call of which nobody knows the outcome is told as unknown, and other errors by their name", () => {
  status({ status: "error", http_status: null, error_type: "no_outcome_recorded" });
  const chip = screen.getByText("no outcome");
  expect(chip).toHaveClass("chip-unknown");
  expect(chip).toHaveAttribute("title", "What became of it was not recorded; it counts as an error");
  status({ status: "error", http_status: 529, error_type: "overloaded_error" });
  expect(screen.getByText("529 overloaded_error")).toHaveClass("chip-critical");
});

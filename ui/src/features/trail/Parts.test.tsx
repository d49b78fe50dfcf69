import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { boxes, Parts } from "@/features/trail/Parts";
import { maskedPart } from "../../../tests/records";

const PLAIN = { entity_type: null, category: null, score: null, recognizer: null, kept: false };
const value = (path: string, text: string, pointer = "/content/1/input") =>
  maskedPart({
    field: "response_tool_input",
    turn: null,
    label: "file_note",
    pointer,
    path,
    segments: [{ ...PLAIN, text }],
  });

test("a tool's input is one box, in which each value stands under its path", () => {
  const account = {
    ...value("rows[0 to 2]", ""),
    segments: [
      { ...PLAIN, text: "[US_BANK_NUMBER_1]", entity_type: "US_BANK_NUMBER", category: "financial" },
      { ...PLAIN, text: ", " },
      { ...PLAIN, text: "true" },
    ],
  };
  const parts = [
    maskedPart(),
    account,
    value("about.note", "late"),
    value("sure", "false", "/content/2/input"),
  ];
  const all = boxes(parts);
  expect(all.map((box) => box.length)).toEqual([1, 2, 1]);
  render(all.map((box) => <Parts key={`${box[0].pointer}${box[0].field}`} parts={box} />));
  const [first] = screen.getAllByRole("region", { name: "response tool input · file_note" });
  const input = within(first ?? document.body);
  const row = (path: string) =>
    input.getByText((_, element) => element?.tagName === "DT" && element.textContent === path).closest("div");
  const rows = row("rows[0 to 2]");
  expect(rows?.querySelector("mark")).toHaveTextContent("[US_BANK_NUMBER_1]");
  expect(rows).toHaveTextContent(/\[US_BANK_NUMBER_1\].*, true$/);
  expect(row("about.note")).toHaveTextContent("late");
});

test("of many values a hundred are drawn until somebody asks for the rest", async () => {
  const many = Array.from({ length: 250 }, (_, place) => value(`rows[${place}]`, `${place}`));
  const [box] = boxes(many);
  render(box ? <Parts parts={box} /> : null);
  expect(screen.queryByText("249")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Show 150 more values" }));
  expect(screen.getByText("249")).toBeVisible();
});

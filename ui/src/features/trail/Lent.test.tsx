// Figures that another record of a call tells: whose they are is said wherever they stand.

import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { CALL_COLUMNS } from "@/features/trail/columns";
import { Figures } from "@/features/trail/Figures";
import { callDetail, callRow } from "../../../tests/records";

const CALL = callRow({
  input_tokens: 900,
  output_tokens: 12,
  served_region: "eu-west-1",
  lent: {
    input_tokens: { source: "litellm", inferred: false },
    output_tokens: { source: "litellm", inferred: false },
    served_region: { source: "cloudtrail", inferred: true },
  },
});

test("figures say which source's record they are from, and what was inferred", () => {
  render(<Figures detail={callDetail({ call: CALL })} />);
  expect(screen.getAllByText("from the record of litellm")).toHaveLength(2);
  expect(
    screen.getByText("from the record of cloudtrail, which was inferred to be of this call"),
  ).toBeVisible();
});

test("cells of the list say it for who hovers and for screen readers, of no others", () => {
  render(
    <table>
      <tbody>
        {[CALL, callRow({ id: "c2", input_tokens: 3, output_tokens: 4 })].map((call) => (
          <tr key={call.id}>
            {CALL_COLUMNS.map((column) => (
              <td key={column.id}>{column.cell(call)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>,
  );
  expect(screen.getByTitle("from the record of litellm")).toHaveTextContent("900 / 12");
  expect(screen.getAllByTitle(/from the record of/)).toHaveLength(2);
});

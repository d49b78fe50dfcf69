import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Segments } from "@/components/text/Segments";

const piece = (text: string, entity_type: string | null = null) => ({ text, entity_type, category: null });

test("markup is text", () => {
  const { container } = render(
    <Segments segments={[piece("<img src=x onerror=alert(1)>"), piece("<b>", "person")]} />,
  );
  expect(container.querySelector("img, b")).toBeNull();
  expect(container).toHaveTextContent("<img src=x onerror=alert(1)>");
});

test("what is unseen is shown as escapes, line ends and tabs stay", () => {
  render(<Segments label="Text" segments={[piece("a\u202eb\u0000\n\tc"), piece("d\u2066", "person")]} />);
  expect(screen.getByLabelText("Text").textContent).toBe(
    "a\\u202eb\\u0000\n\tcstart person d\\u2066 end person",
  );
});

test("an entity is named for those who don't see its colour", () => {
  render(<Segments segments={[piece("call "), piece("[EMAIL_ADDRESS_1]", "email_address")]} />);
  const mark = screen.getByText(/EMAIL_ADDRESS_1/);
  expect(mark.tagName).toBe("MARK");
  expect(mark).toHaveTextContent("start email address [EMAIL_ADDRESS_1] end email address");
  expect(mark).toHaveAttribute("title", "email address");
});

test("what was found and left as it is says so", () => {
  render(<Segments segments={[{ ...piece("7 May", "date_time"), kept: true }]} />);
  const mark = screen.getByText(/7 May/);
  expect(mark).toHaveTextContent("start date time, left as it is 7 May end date time");
  expect(mark).toHaveAttribute("title", "date time, left as it is by the policy");
  expect(mark).toHaveAttribute("data-kept");
});

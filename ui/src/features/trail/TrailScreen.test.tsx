import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { wireError } from "../../../tests/fakeHost";
import { renderAt } from "../../../tests/renderAt";

const WRONG = wireError("bad_input", "unknown field: `stauts`", "did you mean `status`?");

test("a query that can't be read is told of once, and is cleared from there", async () => {
  const { user, router } = await renderAt("/trail?q=stauts:ok", {
    "trail.keys": [],
    "trail.views": [],
    "trail.count": WRONG,
    "trail.histogram": WRONG,
    "trail.latency": WRONG,
    "trail.facets": WRONG,
  });
  const told = await screen.findByRole("alert");
  expect(screen.queryByRole("complementary", { name: "Facets" })).toBeNull();
  await user.click(within(told).getByRole("button", { name: "Clear the query" }));
  expect(router.state.location.search).toEqual({});
});

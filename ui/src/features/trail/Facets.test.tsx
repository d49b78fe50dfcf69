import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { Facets } from "@/features/trail/Facets";
import { setHost } from "@/lib/host";
import { client } from "@/lib/query";
import { fakeHost } from "../../../tests/fakeHost";

const HOSTILE = "eu\u202e<b>";

beforeEach(() => client.clear());

async function show(query: string) {
  const applied: string[] = [];
  setHost(
    fakeHost({
      "trail.facets": [
        {
          field: "served_region",
          title: "Served region",
          more: 3,
          values: [
            { value: "eu-west-1", count: 1200 },
            { value: HOSTILE, count: 2 },
            { value: null, count: 7 },
          ],
        },
        { field: "kind", title: "Kind", more: 0, values: [] },
      ],
    }),
  );
  render(
    <QueryClientProvider client={client}>
      <Facets query={query} onApplied={(next) => applied.push(next)} />
    </QueryClientProvider>,
  );
  await screen.findByRole("region", { name: "Served region" });
  return { applied, user: userEvent.setup() };
}

test("a click shows only this value, in place of others of its field", async () => {
  const { user, applied } = await show("served_region:us-east-1 status:ok");
  await user.click(screen.getByRole("button", { name: "eu-west-1 1,200" }));
  expect(applied).toEqual(["status:ok served_region:eu-west-1"]);
});

test("a second click shows all again", async () => {
  const { user, applied } = await show("served_region:eu-west-1 status:ok");
  const value = screen.getByRole("button", { name: "eu-west-1 1,200", pressed: true });
  await user.click(value);
  expect(applied).toEqual(["status:ok"]);
});

test("values are excluded, also what is not recorded", async () => {
  const { user, applied } = await show("status:ok");
  await user.click(screen.getByRole("button", { name: "Exclude Served region eu-west-1" }));
  await user.click(screen.getByRole("button", { name: "not recorded 7" }));
  await user.click(screen.getByRole("button", { name: "Exclude Served region not recorded" }));
  expect(applied).toEqual([
    "status:ok -served_region:eu-west-1",
    "status:ok -has:served_region",
    "status:ok has:served_region",
  ]);
});

test("a hostile value is shown as escapes and asked for as it is", async () => {
  const { user, applied } = await show("");
  await user.click(screen.getByRole("button", { name: "eu\\u202e<b> 2" }));
  expect(applied).toEqual([`served_region:"${HOSTILE}"`]);
});

test("how many further values there are is said; a field without values is not shown", async () => {
  await show("");
  expect(screen.getByText("3 more; type them in the query")).toBeVisible();
  expect(screen.queryByRole("region", { name: "Kind" })).toBeNull();
});

import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { Concerning } from "@/features/trail/Concerning";
import { activityRow } from "../../../tests/records";

test("each activity says what was done, by whom and why, and opens", async () => {
  const activities = [
    activityRow({
      id: "0a",
      action: "anthropic_access",
      actor: "anthropic_actor",
      error_type: "safety_review",
    }),
    activityRow({ id: "0b", action: "claude_chat_viewed", actor: null, error_type: null }),
  ];
  const route = createRootRoute({ component: () => <Concerning activities={activities} /> });
  const router = createRouter({ routeTree: route, history: createMemoryHistory() });
  render(<RouterProvider router={router} />);
  const about = await screen.findByRole("region", { name: "Activities about this call" });
  expect(within(about).getByRole("heading")).toHaveTextContent("2 activities about this call");
  const [first, second] = within(about).getAllByRole("listitem");
  expect(first).toHaveTextContent(/^anthropic_access .* by anthropic_actor \(safety_review\)$/);
  expect(second).toHaveTextContent(/^claude_chat_viewed 2 Oct 2026, 08:00:00 UTC$/);
  const link = within(first as HTMLElement).getByRole("link");
  expect(link.getAttribute("href")).toContain("0a");
});

test("where as many as are given at most are there, it is not told as all", async () => {
  const activities = Array.from({ length: 20 }, (_, index) => activityRow({ id: `a${index}` }));
  const route = createRootRoute({ component: () => <Concerning activities={activities} /> });
  const router = createRouter({ routeTree: route, history: createMemoryHistory() });
  render(<RouterProvider router={router} />);
  const heading = await screen.findByRole("heading");
  expect(heading).toHaveTextContent("The newest 20 activities about this call; there may be more");
});

import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderAt } from "../../tests/renderAt";

const ANSWERS = { "checks.list": [], "imports.list": [], "imports.rejected": [] };

describe("the frame", () => {
  it("gives the heading of a new screen the focus", async () => {
    const { router } = await renderAt("/checks", ANSWERS);
    await act(() => router.navigate({ to: "/imports" }));
    const heading = await screen.findByRole("heading", { level: 1, name: "Imports" });
    await waitFor(() => expect(document.activeElement).toBe(heading));
  });

  it("takes no focus from what somebody is on already", async () => {
    const { router, container } = await renderAt("/checks", ANSWERS);
    let chosen: HTMLElement | null = null;
    const drawn = new MutationObserver(() => {
      const button = screen.queryAllByRole("button", { name: "Import files…" })[0];
      if (chosen !== null || button === undefined) return;
      chosen = button;
      button.focus();
    });
    drawn.observe(container, { childList: true, subtree: true });
    await act(() => router.navigate({ to: "/imports" }));
    await waitFor(() => expect(chosen).not.toBeNull());
    await waitFor(() => expect(router.state.resolvedLocation?.pathname).toBe("/imports"));
    await act(() => Promise.resolve());
    drawn.disconnect();
    expect(document.activeElement).toBe(chosen);
  });
});

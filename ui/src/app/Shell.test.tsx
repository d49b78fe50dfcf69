import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { EvidenceStatus } from "@/lib/bindings";
import { EVIDENCE } from "../../tests/records";
import { renderAt } from "../../tests/renderAt";

const ANSWERS = { "checks.list": [], "imports.list": [], "imports.rejected": [] };

describe("the frame", () => {
  it("gives the heading of a new screen the focus", async () => {
    const { router } = await renderAt("/checks", ANSWERS);
    await act(() => router.navigate({ to: "/imports" }));
    const heading = await screen.findByRole("heading", { level: 1, name: "Imports" });
    await waitFor(() => expect(document.activeElement).toBe(heading));
  });

  it("says on every screen that the store was rolled back, and nothing while the evidence stands", async () => {
    const why = "This store was rolled back: it holds 12 records, and 14 were signed.";
    const rolledBack: EvidenceStatus = { ...EVIDENCE, state: "rolled_back", sentences: [why] };
    await renderAt("/imports", { ...ANSWERS, "evidence.status": rolledBack });
    const alarm = await screen.findByRole("alert");
    expect(alarm).toHaveTextContent("it holds 12 records, and 14 were signed");
    expect(within(alarm).getByRole("link", { name: "Open the evidence" })).toHaveAttribute(
      "href",
      "/evidence",
    );
    cleanup();
    await renderAt("/imports", ANSWERS);
    expect(screen.queryByRole("alert")).toBeNull();
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

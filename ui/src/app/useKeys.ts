// Keys that work on every screen. Single letters only outside of text fields (WCAG 2.1.4).

import { useNavigate } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { tinykeys } from "tinykeys";
import type { Open } from "@/app/Shell";
import { SCREENS } from "@/app/screens";
import { setPreferences, usePreferences, zoomBy } from "@/lib/preferences";

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement && target.matches("input, textarea, [contenteditable], [role=textbox]")
  );
}

/** Between the two keys of a sequence; nobody has to be quick. */
const SEQUENCE_MS = 3_000;

export function useKeys(open: (what: Open) => void): void {
  const navigate = useNavigate();
  const { navigation } = usePreferences();
  // Before what they act on is seen: a key that is pressed at once is heard.
  useLayoutEffect(() => {
    const letter = (act: () => void) => (event: KeyboardEvent) => {
      if (isTyping(event) || document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      act();
    };
    const always = (act: () => void) => (event: KeyboardEvent) => {
      event.preventDefault();
      act();
    };
    const bindings: Record<string, (event: KeyboardEvent) => void> = {
      "$mod+KeyK": always(() => open("palette")),
      "$mod+KeyJ": always(() => open("jobs")),
      "$mod+Equal": always(() => zoomBy(1)),
      "$mod+Shift+Equal": always(() => zoomBy(1)),
      "$mod+Minus": always(() => zoomBy(-1)),
      "$mod+Digit0": always(() => setPreferences({ zoom: 1 })),
      "Shift+?": letter(() => open("shortcuts")),
      "[": letter(() => setPreferences({ navigation: navigation === "open" ? "narrow" : "open" })),
    };
    for (const screen of SCREENS) {
      bindings[`g ${screen.key}`] = letter(() => void navigate({ to: screen.to }));
    }
    return tinykeys(window, bindings, { timeout: SEQUENCE_MS });
  }, [navigate, navigation, open]);
}

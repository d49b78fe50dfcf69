// How this person likes the window: theme, zoom, navigation, columns. Never anything of a record.

import { useSyncExternalStore } from "react";
import { host } from "@/lib/host";

export type Theme = "system" | "light" | "dark";
export type Density = "compact" | "comfortable";
/** How the columns of a list are laid out: what differs from the standard. */
export type Layout = {
  /** All columns that somebody put in an order. */
  order: readonly string[];
  /** Whether a column is shown, where somebody said so. */
  shown: Readonly<Record<string, boolean>>;
  widths: Readonly<Record<string, number>>;
};
export type Preferences = {
  theme: Theme;
  zoom: number;
  navigation: "open" | "narrow";
  density: Density;
  columns: Readonly<Record<string, Layout>>;
};

const KEY = "assay-preferences";
const STANDARD: Preferences = {
  theme: "system",
  zoom: 1,
  navigation: "open",
  density: "compact",
  columns: {},
};
/** The steps of zoom: 80–200 %. */
export const ZOOMS = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];

const listeners = new Set<() => void>();
let current: Preferences = STANDARD;

function read(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? { ...STANDARD, ...kept } : STANDARD;
  } catch {
    return STANDARD;
  }
}

function isDark(theme: Theme): boolean {
  return (
    theme === "dark" || (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches)
  );
}

function apply(): void {
  document.documentElement.dataset.theme = isDark(current.theme) ? "dark" : "light";
  document.documentElement.dataset.density = current.density;
}

/** Reads what was kept and applies it; call once, before the first screen is drawn. */
export function startPreferences(): void {
  current = read();
  apply();
  if (current.zoom !== 1) host().setZoom(current.zoom);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
  apply();
  if (change.zoom !== undefined) host().setZoom(change.zoom);
  for (const listener of listeners) listener();
}

/** One step larger or smaller, within 80–200 %. */
export function zoomBy(steps: number): void {
  const at = ZOOMS.findIndex((zoom) => zoom >= current.zoom);
  const next = ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + steps))];
  setPreferences({ zoom: next ?? 1 });
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

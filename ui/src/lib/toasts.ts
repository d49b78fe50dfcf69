// Short messages at the edge of the window. What went wrong, wholly or in part, stays until it is closed.

import { useSyncExternalStore } from "react";
import { asWireError } from "@/lib/call";

export type Toast = { id: number; tone: "done" | "caution" | "error"; text: string; hint?: string };

const SHOWN_MS = 6000;
const MOST = 3;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let last = 0;

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Closes a message. */
export function closeToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

/** Closes all messages. */
export function closeToasts(): void {
  set([]);
}

function show(toast: Omit<Toast, "id">): number {
  last += 1;
  set([...toasts, { ...toast, id: last }].slice(-MOST));
  return last;
}

/** Says that something is done. */
export function say(text: string): void {
  const id = show({ tone: "done", text });
  setTimeout(() => closeToast(id), SHOWN_MS);
}

/** Says what was done and that part of it was not: it stays until somebody has seen it. */
export function sayCaution(text: string): void {
  show({ tone: "caution", text });
}

/** Says what could not be done. */
export function sayProblem(problem: unknown): void {
  const { message, hint } = asWireError(problem);
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  show(hint ? { tone: "error", text, hint } : { tone: "error", text });
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}

// The question of a dangerous command in a browser: what the person types is a code that only the
// terminal of `assay serve` shows. In the window the system asks, and nothing of this is used.
//
// In: a question of the engine and how a code is sent. Out: the token, or that the person said no.
// Not here: the dialog (`app/CodeDialog`), connections (`host/http`).

import { useSyncExternalStore } from "react";
import type { Question, WireError } from "@/lib/bindings";
import { asWireError } from "@/lib/call";

export type Asked = {
  id: number;
  question: Question;
  state: "waiting" | "checking";
  /** What was wrong with the code that was typed. */
  problem: WireError | null;
};

type Pending = {
  send: (code: string) => Promise<string>;
  resolve: (token: string) => void;
  reject: (problem: unknown) => void;
};

const NO: WireError = { code: "cancelled", message: "the question was answered with no", hint: null };
const listeners = new Set<() => void>();
let asked: Asked | null = null;
let pending: Pending | null = null;
let last = 0;

function set(next: Asked | null): void {
  asked = next;
  for (const listener of listeners) listener();
}

function end(): Pending | null {
  const ended = pending;
  pending = null;
  set(null);
  return ended;
}

/** Asks for the code of a question; a question that is still open is answered with no. */
export function askForCode(question: Question, send: Pending["send"]): Promise<string> {
  end()?.reject(NO);
  return new Promise((resolve, reject) => {
    pending = { send, resolve, reject };
    last += 1;
    set({ id: last, question, state: "waiting", problem: null });
  });
}

/** Answers with no. */
export function refuse(): void {
  end()?.reject(NO);
}

/** Tries a code; what was wrong with it is shown, and another may be typed. */
export async function tryCode(code: string): Promise<void> {
  const mine = pending;
  if (!mine || !asked || asked.state === "checking") return;
  const tried = asked;
  set({ ...tried, state: "checking", problem: null });
  try {
    const token = await mine.send(code);
    if (pending === mine) end()?.resolve(token);
  } catch (problem) {
    if (pending === mine) set({ ...tried, state: "waiting", problem: asWireError(problem) });
  }
}

export function useAsked(): Asked | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
  );
}

// A host that answers from what a test gives it, and keeps what it was asked.

import type { Event, WireError } from "@/lib/bindings";
import type { Answer, CommandName, Input } from "@/lib/call";
import type { Host } from "@/lib/host";

/** Answers by command: a value, or what makes it of the input; a `WireError` rejects. */
export type Answers = {
  [Name in CommandName]?: Answer<Name> | WireError | ((input: Input<Name>) => Answer<Name> | WireError);
};

export type FakeHost = Host & {
  /** What was asked, in order. */
  asked: { name: string; input: unknown }[];
  /** What a person was asked to confirm, in order. */
  confirmed: { name: string; input: unknown }[];
  /** Tells the UI of an event. */
  tell(event: Event): void;
  /** Tells the UI that it may have missed events. */
  lose(): void;
  /** Answers a command otherwise from now on. */
  answer<Name extends CommandName>(name: Name, answer: Answers[Name]): void;
};

export function wireError(code: WireError["code"], message: string, hint: string | null = null): WireError {
  return { code, message, hint };
}

function isWireError(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "code" in answer && "hint" in answer;
}

export function fakeHost(answers: Answers): FakeHost {
  const heard = new Set<(event: Event) => void>();
  const lost = new Set<() => void>();
  const byName = new Map<string, unknown>(Object.entries(answers));
  const asked: FakeHost["asked"] = [];
  const confirmed: FakeHost["asked"] = [];
  return {
    kind: "browser",
    asked,
    confirmed,
    tell: (event) => {
      for (const hear of heard) hear(event);
    },
    lose: () => {
      for (const tell of lost) tell();
    },
    answer: (name, answer) => byName.set(name, answer),
    rpc: (name, input) => {
      asked.push({ name, input });
      if (!byName.has(name)) return Promise.reject(wireError("internal", `the test answers no ${name}`));
      const given = byName.get(name);
      const answer: unknown = typeof given === "function" ? given(input) : given;
      return isWireError(answer) ? Promise.reject(answer) : Promise.resolve(answer);
    },
    confirm: (name, input) => {
      confirmed.push({ name, input });
      return Promise.resolve("token");
    },
    onEvent: (hear, missed) => {
      heard.add(hear);
      lost.add(missed);
      return () => {
        heard.delete(hear);
        lost.delete(missed);
      };
    },
    onDrop: () => () => undefined,
    pickFiles: () => Promise.resolve([{ handle: "file-1", name: "answers.json", size_bytes: 12 }]),
    pickFolder: () => Promise.resolve([]),
    pickSave: () => Promise.resolve({}),
    download: () => Promise.resolve(),
    setZoom: () => Promise.resolve(),
  };
}

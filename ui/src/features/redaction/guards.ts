// Words for what guards are, say and did.

import type { AskGuardCases, GuardKind, GuardRow } from "@/lib/bindings";

export const KINDS: readonly { id: GuardKind; title: string; about: string }[] = [
  { id: "presidio", title: "Presidio", about: "The HTTP API of its analyzer" },
  { id: "bedrock", title: "Bedrock Guardrails", about: "ApplyGuardrail, without a model" },
  { id: "private", title: "Own endpoint", about: "By the contract in docs/guards.md" },
];

export const GUARD_AUTHS = [
  { id: "none", title: "None" },
  { id: "bearer", title: "Bearer token" },
  { id: "x_api_key", title: "API key (x-api-key)" },
  { id: "sigv4", title: "AWS Signature Version 4", about: "Bedrock only; needs the AWS Region" },
] as const;

export const WRITINGS: Record<string, string> = {
  plain: "Plain",
  json_escaped: "JSON-escaped",
  percent_encoded: "Percent-encoded",
  full_width: "Full-width",
  spaced: "Spaced",
  broken: "Over two lines",
  base64: "Base64",
};

export const GUARD_STATES: Record<string, string> = {
  running: "Running",
  done: "Done",
  cancelled: "Stopped",
  failed: "Ended early",
};

/** Whether the figures are of a part of the texts. */
export function isPart(state: string): boolean {
  return state === "cancelled" || state === "failed";
}

export const FAULTS: Record<string, string> = {
  timeout: "no answer in time",
  rate_limited: "asked to wait",
  long_wait: "asked to wait too long",
  not_allowed: "key not accepted",
  refused: "refused",
  failed: "the guard failed",
  unreadable: "answer of another form",
  cut: "answer broke off",
  unreachable: "not reachable",
  cancelled: "stopped",
  not_asked: "not asked",
};

export const OUTCOMES: Record<string, string> = {
  found: "found",
  partly: "found in part",
  missed: "missed",
  no_answer: "no verdict",
};

/** Which texts a figure stands for. */
export type Which = AskGuardCases["which"];

export const WHICH: Record<string, string> = {
  both: "found by both",
  only_guard: "found by the guard alone",
  only_local: "found by the local rules alone",
  neither: "found by neither",
  partly: "found by the guard in part",
  no_answer: "without a verdict",
  clean: "with nothing planted, in which the guard found something",
  clean_local: "with nothing planted, in which the local rules found something",
};

export function guardKind(kind: GuardKind): string {
  return KINDS.find((one) => one.id === kind)?.title ?? kind;
}

/** "Key in the keychain, ends in 7QK4" */
export function guardKey({ key, key_last4, key_variable }: GuardRow): string {
  const end = key_last4 === null ? "" : `, ends in ${key_last4}`;
  if (key === "not_needed") return "No key needed";
  if (key === "keychain") return `Key in the keychain${end}`;
  if (key === "environment") return `Key from the environment${end}`;
  if (key === "none") return `No key yet: set it here, or ${key_variable} before the program starts`;
  return key;
}

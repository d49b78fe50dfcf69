// How a backend's fields are named for people.

import type { BackendRow } from "@/lib/bindings";

export const DIALECTS = [
  { id: "anthropic", title: "Messages API", about: "POST /v1/messages" },
  { id: "bedrock_invoke", title: "Bedrock InvokeModel", about: "POST /model/{id}/invoke" },
] as const;

export const AUTHS = [
  { id: "x_api_key", title: "API key (x-api-key)" },
  { id: "bearer", title: "Bearer token" },
  { id: "sigv4", title: "AWS Signature Version 4", about: "Bedrock only; needs the AWS Region as place" },
  { id: "none", title: "None" },
] as const;

/** "Key in the keychain, ends in 7QK4" */
export function keyState({ key, key_last4 }: BackendRow): string {
  const ends = key_last4 === null ? "" : `, ends in ${key_last4}`;
  switch (key) {
    case "keychain":
      return `Key in the keychain${ends}`;
    case "environment":
      return `Key in the environment${ends}`;
    case "none":
      return "No key set";
    case "not_needed":
      return "Needs no key";
    default:
      return `Whether there is a key can't be told: ${key}`;
  }
}

/** Host and port that a base URL sends to, as far as it can be read. */
export function hostOf(baseUrl: string): string {
  try {
    return new URL(baseUrl).host;
  } catch {
    return baseUrl;
  }
}

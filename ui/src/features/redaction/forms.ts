// The tools whose files are taken over and written.

export const FORMS: readonly { id: string; title: string; about: string }[] = [
  { id: "presidio", title: "Presidio", about: "A registry of recognizers, YAML" },
  { id: "litellm", title: "LiteLLM", about: "The proxy's config.yaml with guardrails" },
  { id: "bedrock", title: "Bedrock Guardrails", about: "A request of CreateGuardrail, JSON" },
];

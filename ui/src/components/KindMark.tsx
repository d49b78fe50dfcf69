// How a deployment is reached: the same shape, colour and word in every table, row and legend.

import type { Kind } from "@/lib/bindings";

const KINDS: Record<Kind, { title: string; shape: string; colour: string }> = {
  claude_api: { title: "Claude API", shape: "M1 1h8v8H1z", colour: "var(--chart-api)" },
  bedrock: { title: "Amazon Bedrock", shape: "M5 0.5 9.8 9.5H0.2z", colour: "var(--chart-bedrock)" },
  vertex: {
    title: "Google Vertex AI",
    shape: "M5 0.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9",
    colour: "var(--chart-vertex)",
  },
  private: { title: "Private endpoint", shape: "M5 0 10 5 5 10 0 5z", colour: "var(--chart-psc)" },
  claude_enterprise: {
    title: "Claude Enterprise",
    shape: "M5 0.2 9.8 3.8 8 9.6H2L0.2 3.8z",
    colour: "var(--chart-enterprise)",
  },
};

/** The kind's name for people. */
export function kindTitle(kind: Kind): string {
  return KINDS[kind].title;
}

type Props = { kind: Kind; name?: string };

/** The kind's shape, before `name` or before the kind's own name. */
export function KindMark({ kind, name }: Props) {
  const { title, shape, colour } = KINDS[kind];
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <svg aria-hidden width="10" height="10" viewBox="0 0 10 10" className="shrink-0">
        <path d={shape} fill={colour} />
      </svg>
      <span className="truncate">{name ?? title}</span>
      {name !== undefined && <span className="sr-only">({title})</span>}
    </span>
  );
}

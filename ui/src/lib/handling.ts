// The lines of a data-handling summary by topic, in their order: the strongest of each, and the rest.

import type { HandlingLine } from "@/lib/bindings";

export type HandlingTopic = {
  topic: string;
  title: string;
  /** What the topic rests on; of mark `unknown` where nothing speaks of it. */
  strongest: HandlingLine;
  /** Further lines, weaker or as strong. */
  more: readonly HandlingLine[];
};

export function topicsOf(lines: readonly HandlingLine[]): HandlingTopic[] {
  const topics = new Map<string, HandlingLine[]>();
  for (const line of lines) topics.set(line.topic, [...(topics.get(line.topic) ?? []), line]);
  return [...topics.values()].flatMap(([strongest, ...more]) =>
    strongest ? [{ topic: strongest.topic, title: strongest.title, strongest, more }] : [],
  );
}

// A section of the report on screen.

import type { ReactNode } from "react";

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-2">
      <h3 className="border-b border-line pb-1">{title}</h3>
      {children}
    </div>
  );
}

/** Sentences, one below the other. */
export function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul className="grid list-disc gap-0.5 pl-5">
      {sentences.map((sentence, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences may repeat, and never reorder
        <li key={index}>{sentence}</li>
      ))}
    </ul>
  );
}

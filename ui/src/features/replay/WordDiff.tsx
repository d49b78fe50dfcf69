// Original against new, word by word: sign, colour and name for what went and what came.

import type { DiffSegment } from "@/lib/bindings";
import { visible } from "@/lib/format";

export function WordDiff({ diff }: { diff: readonly DiffSegment[] }) {
  return (
    <section
      aria-label="Difference word by word"
      tabIndex={0}
      className="max-h-100 overflow-auto rounded-control border border-line p-3 outline-offset-[-2px]"
    >
      <pre className="break-words whitespace-pre-wrap [unicode-bidi:isolate]" dir="auto">
        {diff.map((segment, index) => {
          const text = visible(segment.text);
          if (segment.change === "removed") {
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
              <del key={index} className="rounded-chip bg-removed-bg text-removed no-underline">
                <span className="sr-only">removed: </span>
                <span aria-hidden>−</span>
                <span className="line-through">{text}</span>
              </del>
            );
          }
          if (segment.change === "added") {
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
              <ins key={index} className="rounded-chip bg-added-bg text-added no-underline">
                <span className="sr-only">added: </span>
                <span aria-hidden>+</span>
                <span className="underline">{text}</span>
              </ins>
            );
          }
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          return <span key={index}>{text}</span>;
        })}
      </pre>
    </section>
  );
}

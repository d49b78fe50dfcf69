// Text of a record, as text: what was found in it is marked and named, control and direction
// characters are shown as escapes. Never markup.

import { visible, words } from "@/lib/format";

export type Piece = {
  text: string;
  entity_type: string | null;
  category: string | null;
  /** Whether it was found and left as it is. */
  kept?: boolean;
};
type Props = { segments: readonly Piece[]; label?: string };

export function Segments({ segments, label }: Props) {
  return (
    <pre
      className="font-mono break-words whitespace-pre-wrap [unicode-bidi:isolate]"
      dir="auto"
      {...(label ? { "aria-label": label } : {})}
    >
      {segments.map((segment, index) =>
        segment.entity_type === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          <span key={index}>{visible(segment.text)}</span>
        ) : (
          <mark
            // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
            key={index}
            className="entity"
            data-category={segment.category ?? "custom"}
            data-kept={segment.kept || undefined}
            title={`${words(segment.entity_type)}${segment.kept ? ", left as it is by the policy" : ""}`}
          >
            <span className="sr-only">
              start {words(segment.entity_type)}
              {segment.kept && ", left as it is"}{" "}
            </span>
            {visible(segment.text)}
            <span className="sr-only"> end {words(segment.entity_type)}</span>
          </mark>
        ),
      )}
    </pre>
  );
}

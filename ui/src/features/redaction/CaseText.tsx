// A text of a test set with what is labelled and found: right, missed or wrong, in words as well.

import { typeTitle } from "@/features/redaction/entityTypes";
import type { CaseSegment } from "@/lib/bindings";
import { visible } from "@/lib/format";

/** "missed person", "wrong URL", "person". */
export function verdictTitle(segment: CaseSegment): string {
  const type = typeTitle(segment.labelled_type ?? segment.found_type ?? "");
  if (segment.verdict === "missed") return `missed ${type}`;
  if (segment.verdict === "wrong") return `wrong ${typeTitle(segment.found_type ?? "")}`;
  return type;
}

export function CaseText({ segments }: { segments: readonly CaseSegment[] }) {
  return (
    <pre className="break-words whitespace-pre-wrap [unicode-bidi:isolate]" dir="auto">
      {segments.map((segment, index) =>
        segment.verdict === "plain" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          <span key={index}>{visible(segment.text)}</span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          <span key={index}>
            <span
              className="entity wrap-anywhere"
              data-category={segment.category ?? "custom"}
              title={verdictTitle(segment)}
            >
              {visible(segment.text)}
            </span>
            {segment.verdict !== "right" && (
              <span
                className={`ml-0.5 text-sm ${segment.verdict === "missed" ? "chip-high" : "chip-medium"}`}
              >
                {segment.verdict}
              </span>
            )}
          </span>
        ),
      )}
    </pre>
  );
}

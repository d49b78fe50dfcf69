// One side of a field: its text with the entities marked. Marks answer to the pointer; the list of
// replacements does the same for the keyboard.

import { typeTitle } from "@/features/redaction/entityTypes";
import type { PreviewSegment } from "@/lib/bindings";
import { visible } from "@/lib/format";

type Props = {
  side: "before" | "after";
  segments: readonly PreviewSegment[];
  /** The number of the first entity in these segments. */
  first: number;
  chosen: number | null;
  onChosen: (number: number) => void;
};

export function SideText({ side, segments, first, chosen, onChosen }: Props) {
  let number = first - 1;
  return (
    <pre className="break-words whitespace-pre-wrap [unicode-bidi:isolate]" dir="auto">
      {segments.map((segment, index) => {
        if (segment.entity_type === null) {
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          return <span key={index}>{visible(segment[side])}</span>;
        }
        number += 1;
        const own = number;
        const name = typeTitle(segment.entity_type);
        const gone = side === "after" && segment.after === "";
        return (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
            key={index}
            id={`${side}-${own}`}
            href={`#replacement-${own}`}
            tabIndex={-1}
            data-category={segment.category ?? "custom"}
            title={gone ? `${own}: ${name}, removed` : `${own}: ${name}`}
            onClick={(event) => {
              event.preventDefault();
              document.getElementById(`replacement-${own}`)?.scrollIntoView({ block: "nearest" });
              onChosen(own);
            }}
            className={`entity wrap-anywhere ${own === chosen ? "outline-2 outline-offset-1 outline-focus" : ""}`}
          >
            <span className="sr-only">start {name} </span>
            {gone ? <span className="italic">removed</span> : visible(segment[side])}
            <span className="sr-only"> end {name}</span>
          </a>
        );
      })}
    </pre>
  );
}

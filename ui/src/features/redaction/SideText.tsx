// One side of a piece of a text, with the entities marked. Marks answer to the pointer; the list of
// replacements does the same for the keyboard. A piece that nobody looks at is plain text: it is found and
// copied all the same.

import { memo } from "react";
import type { TextPiece } from "@/features/redaction/blocks";
import { typeTitle } from "@/features/redaction/entityTypes";
import { visible } from "@/lib/format";

type Props = {
  side: "before" | "after";
  piece: TextPiece;
  isMarked: boolean;
  /** The number of the chosen entity, where it is one of these. */
  chosen: number | null;
  onChosen: (number: number) => void;
};

export const SideText = memo(function SideText({ side, piece, isMarked, chosen, onChosen }: Props) {
  if (!isMarked) return visible(piece.segments.map((segment) => segment[side]).join(""));
  let number = piece.first - 1;
  return piece.segments.map((segment, index) => {
    if (segment.entity_type === null) {
      // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
      return <span key={index}>{visible(segment[side])}</span>;
    }
    number += 1;
    const own = number;
    const name = typeTitle(segment.entity_type);
    const gone = side === "after" && segment.after === "";
    const isLeft = segment.operator === "keep" || segment.operator === "allow";
    return (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
        key={index}
        id={`${side}-${own}`}
        href={`#replacement-${own}`}
        tabIndex={-1}
        data-category={segment.category ?? "custom"}
        data-kept={isLeft || undefined}
        title={`${own}: ${name}${gone ? ", removed" : isLeft ? ", left as it is" : ""}`}
        onClick={(event) => {
          event.preventDefault();
          onChosen(own);
        }}
        className={`entity wrap-anywhere ${own === chosen ? "outline-2 outline-offset-1 outline-focus" : ""}`}
      >
        <span className="sr-only">
          start {name}
          {isLeft && ", left as it is"}{" "}
        </span>
        {gone ? <span className="italic">removed</span> : visible(segment[side])}
        <span className="sr-only"> end {name}</span>
      </a>
    );
  });
});

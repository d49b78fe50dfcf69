// Before and after, field by field. Rows of both sides begin at the same height, so that what belongs
// together stands side by side however long the text is.

import { memo, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { isFound, rowsOf, type TextPiece, type TextRow } from "@/features/redaction/blocks";
import { besideModel } from "@/features/redaction/namesModel";
import { fieldTitle } from "@/features/redaction/replacements";
import { SideText } from "@/features/redaction/SideText";
import { useNear } from "@/features/redaction/useNear";
import type { PreviewField, RedactionPreview } from "@/lib/bindings";

type Props = {
  preview: RedactionPreview;
  /** Leaves out the fields in which nothing was found. */
  onlyFound?: boolean;
  chosen: number | null;
  onChosen: (number: number) => void;
};

type ShownField = { field: PreviewField; rows: TextRow[]; isFound: boolean };

/** Fields that a screen shows; the rest is counted. */
const SHOWN = 200;
/** Entities that are marked before it is known what is in sight. */
const MARKED_AT_ONCE = 120;
/** Operators that leave a value as it is. */
const LEAVES: ReadonlySet<string> = new Set(["keep", "allow"]);
/** The height of a line, where a row was never laid out. */
const LINE = 20;

export const SideBySide = memo(function SideBySide({ preview, onlyFound = false, chosen, onChosen }: Props) {
  const { isNear, watch } = useNear();
  const [selecting, setSelecting] = useState<string | undefined>();
  const fields = useMemo(() => {
    let first = 1;
    return preview.fields.slice(0, SHOWN).map((field, place): ShownField => {
      const rows = rowsOf(field, place, first);
      const found = field.segments.filter(isFound).length;
      first += found;
      return { field, rows, isFound: found > 0 };
    });
  }, [preview]);
  // What was chosen is marked first, and can only be gone to then. What was never chosen is not gone to.
  const gone = useRef(chosen);
  useEffect(() => {
    if (chosen === null || chosen === gone.current) return;
    gone.current = chosen;
    for (const side of ["before", "after"]) {
      document.getElementById(`${side}-${chosen}`)?.scrollIntoView({ block: "nearest" });
    }
  }, [chosen]);
  const left = preview.fields.length - fields.length;
  // Dots on this side would else be read as what the policy makes of a value.
  const keepsHidden =
    !preview.revealed &&
    preview.fields.some((field) => field.segments.some((one) => LEAVES.has(one.operator ?? "")));
  const many = preview.fields.some((field) => field.field !== null);
  const holds = (piece: TextPiece) =>
    chosen !== null && chosen >= piece.first && chosen < piece.first + piece.found;
  const isMarked = (piece: TextPiece, key: string) =>
    piece.first <= MARKED_AT_ONCE || holds(piece) || isNear(key);
  const select = (event: PointerEvent) => {
    const side = event.target instanceof Element ? event.target.closest("[data-side]") : null;
    setSelecting(side?.getAttribute("data-side") ?? undefined);
  };
  const textOf = (side: "before" | "after", piece: TextPiece, key: string) => (
    <SideText
      side={side}
      piece={piece}
      isMarked={isMarked(piece, key)}
      chosen={holds(piece) ? chosen : null}
      onChosen={onChosen}
    />
  );
  const sideOf = (side: "before" | "after", { key: rowKey, pieces }: TextRow) => {
    const [only] = pieces;
    return (
      <pre
        className="min-w-0 px-3 break-words whitespace-pre-wrap [unicode-bidi:isolate]"
        dir="auto"
        data-side={side}
      >
        {only && pieces.length === 1
          ? textOf(side, only, rowKey)
          : pieces.map((piece) => {
              const key = `${piece.key}.${side}`;
              return (
                <span key={key} ref={watch} data-near={key}>
                  {textOf(side, piece, key)}
                </span>
              );
            })}
      </pre>
    );
  };
  return (
    <section
      aria-label="Before and after"
      tabIndex={0}
      data-near-region
      data-selecting={selecting}
      onPointerDown={select}
      className="sides max-h-110 overflow-auto rounded-control border border-line bg-surface outline-offset-[-2px]"
    >
      <div className="sticky top-0 z-10 grid grid-cols-2 border-b border-line bg-surface2">
        <h2 className="px-3 py-1.5 text-sm">
          Before{preview.revealed ? "" : " · originals are dots; the trail reveals them"}
        </h2>
        <h2 className="border-l border-line px-3 py-1.5 text-sm">
          After · policy {preview.policy} {preview.policy_version}
          {besideModel(preview.names_model)}
          {keepsHidden && " · dots are originals that it keeps"}
        </h2>
      </div>
      {fields.map(({ field, rows, isFound }, place) =>
        onlyFound && !isFound ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: fields have no ids, and never reorder
          <div key={place} className="border-b border-line last:border-b-0">
            {many && (
              <h3 className="border-b border-line px-3 pt-2 pb-1 text-sm text-muted wrap-anywhere">
                {fieldTitle(field)}
              </h3>
            )}
            <div className="side-rows py-2">
              {rows.map((row) => (
                <div
                  key={row.key}
                  ref={row.pieces.length > 1 ? undefined : watch}
                  data-near={row.key}
                  className="side-row grid grid-cols-2"
                  style={{ containIntrinsicHeight: `auto ${row.lines * LINE}px` }}
                >
                  {sideOf("before", row)}
                  {sideOf("after", row)}
                </div>
              ))}
            </div>
          </div>
        ),
      )}
      {left > 0 && (
        <p className="px-3 py-2 text-muted">
          {left} further fields are not shown here. They are treated and counted all the same.
        </p>
      )}
    </section>
  );
});

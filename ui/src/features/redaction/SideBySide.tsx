// Before and after, field by field.

import { Fragment } from "react";
import { besideModel } from "@/features/redaction/namesModel";
import { fieldTitle } from "@/features/redaction/replacements";
import { SideText } from "@/features/redaction/SideText";
import type { PreviewField, RedactionPreview } from "@/lib/bindings";

type Props = {
  preview: RedactionPreview;
  /** Leaves out the fields in which nothing was found. */
  onlyFound?: boolean;
  chosen: number | null;
  onChosen: (number: number) => void;
};

/** Fields that a screen shows; the rest is counted. */
const SHOWN = 200;

export function SideBySide({ preview, onlyFound = false, chosen, onChosen }: Props) {
  const fields = preview.fields.slice(0, SHOWN);
  const left = preview.fields.length - fields.length;
  const many = preview.fields.some((field) => field.field !== null);
  const isFound = (field: PreviewField) => field.segments.some((segment) => segment.entity_type !== null);
  let first = 1;
  return (
    <section
      aria-label="Before and after"
      tabIndex={0}
      className="grid max-h-110 grid-cols-2 overflow-auto rounded-control border border-line bg-surface outline-offset-[-2px]"
    >
      <h2 className="border-b border-line bg-surface2 px-3 py-1.5 text-sm">
        Before{preview.revealed ? "" : " · originals are dots; the trail reveals them"}
      </h2>
      <h2 className="border-b border-l border-line bg-surface2 px-3 py-1.5 text-sm">
        After · policy {preview.policy} {preview.policy_version}
        {besideModel(preview.names_model)}
      </h2>
      {fields.map((field, index) => {
        const start = first;
        first += field.segments.filter((segment) => segment.entity_type !== null).length;
        const sides = { segments: field.segments, first: start, chosen, onChosen };
        if (onlyFound && !isFound(field)) return null;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: fields have no ids, and never reorder
          <Fragment key={index}>
            {many && (
              <h3 className="col-span-2 border-b border-line px-3 pt-2 pb-1 text-sm text-muted">
                {fieldTitle(field)}
              </h3>
            )}
            <div className="min-w-0 border-b border-line px-3 py-2">
              <SideText side="before" {...sides} />
            </div>
            <div className="min-w-0 border-b border-l border-line px-3 py-2">
              <SideText side="after" {...sides} />
            </div>
          </Fragment>
        );
      })}
      {left > 0 && (
        <p className="col-span-2 px-3 py-2 text-muted">
          {left} further fields are not shown here. They are treated and counted all the same.
        </p>
      )}
    </section>
  );
}

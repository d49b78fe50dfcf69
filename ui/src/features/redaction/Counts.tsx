// How many of each type, of how much text, by which policy and how fast.

import { typeTitle } from "@/features/redaction/entityTypes";
import type { RedactionPreview } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

/** "2.1 ms" of microseconds. */
function took(microseconds: number): string {
  return microseconds < 100_000
    ? `${(microseconds / 1000).toFixed(1)} ms`
    : `${count(microseconds / 1000)} ms`;
}

export function Counts({ preview }: { preview: RedactionPreview }) {
  const total = preview.counts.reduce((sum, one) => sum + one.count, 0);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span>
        {counted(total, "entity", "entities")} in {counted(preview.characters, "character")} of{" "}
        {counted(preview.fields.length, "field")} · {took(preview.elapsed_us)} on this computer
      </span>
      <ul aria-label="Entities by type" className="flex flex-wrap gap-x-3 gap-y-1">
        {preview.counts.map((one) => (
          <li key={one.entity_type}>
            <span className="entity" data-category={one.category}>
              {typeTitle(one.entity_type)}
            </span>{" "}
            {count(one.count)}
          </li>
        ))}
      </ul>
    </div>
  );
}

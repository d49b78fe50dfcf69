// What was treated, as a list: the difference for those who don't see colours, and the way to each
// entity by keyboard.

import { memo, useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { typeTitle } from "@/features/redaction/entityTypes";
import { fieldTitle, type Replacement, whatBecame } from "@/features/redaction/replacements";
import { count, counted, visible } from "@/lib/format";

type Props = {
  found: readonly Replacement[];
  chosen: number | null;
  onChosen: (number: number) => void;
};

/** Replacements that are listed at first, and more with each press. */
const LISTED = 100;

/** "5 replacements: 1, email address, replaced by [EMAIL_ADDRESS_1]; …" */
export function replacementsText(found: readonly Replacement[]): string {
  if (found.length === 0) return "No replacements";
  const some = found
    .slice(0, 20)
    .map(
      ({ number, segment }) => `${number}, ${typeTitle(segment.entity_type ?? "")}, ${whatBecame(segment)}`,
    );
  const more = found.length > 20 ? `; and ${found.length - 20} more` : "";
  return `${counted(found.length, "replacement")}: ${some.join("; ")}${more}`;
}

export function Replacements({ found, chosen, onChosen }: Props) {
  const [listed, setListed] = useState(LISTED);
  const shown = Math.max(listed, chosen ?? 0);
  const left = found.length - shown;
  const gone = useRef(chosen);
  useEffect(() => {
    if (chosen === null || chosen === gone.current) return;
    gone.current = chosen;
    document.getElementById(`replacement-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <section
      aria-label="Replacements one by one"
      tabIndex={0}
      className="max-h-72 overflow-auto outline-offset-[-2px]"
    >
      <p className="sr-only" role="status">
        {replacementsText(found)}
      </p>
      <ol>
        {found.slice(0, shown).map((one) => (
          <Line key={one.number} one={one} isChosen={one.number === chosen} onChosen={onChosen} />
        ))}
      </ol>
      {left > 0 && (
        <div className="px-3 py-2">
          <Button onPress={() => setListed(shown + LISTED)}>
            List {counted(Math.min(left, LISTED), "more replacement")} of {count(left)}
          </Button>
        </div>
      )}
    </section>
  );
}

type LineProps = { one: Replacement; isChosen: boolean; onChosen: (number: number) => void };

const Line = memo(function Line({ one, isChosen, onChosen }: LineProps) {
  return (
    <li id={`replacement-${one.number}`} className="border-b border-line">
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={() => onChosen(one.number)}
        className={`flex w-full items-baseline gap-2 px-3 py-1 text-left outline-offset-[-2px] hover:bg-hover ${isChosen ? "bg-selected" : ""}`}
      >
        <span className="w-8 shrink-0 text-right text-muted">{one.number}</span>
        <span className="entity shrink-0" data-category={one.segment.category ?? "custom"}>
          {typeTitle(one.segment.entity_type ?? "")}
        </span>
        <span className="min-w-0 truncate">{visible(whatBecame(one.segment))}</span>
        {one.field.field !== null && (
          <span className="ml-auto min-w-0 shrink-[9] truncate text-sm text-muted">
            {fieldTitle(one.field)}
          </span>
        )}
      </button>
    </li>
  );
});

// What was treated, as a list: the difference for those who don't see colours, and the way to each
// entity by keyboard.

import { Button } from "react-aria-components";
import { typeTitle } from "@/features/redaction/entityTypes";
import { fieldTitle, type Replacement, whatBecame } from "@/features/redaction/replacements";
import { counted, visible } from "@/lib/format";

type Props = {
  found: readonly Replacement[];
  chosen: number | null;
  onChosen: (number: number) => void;
};

const SHOWN = 300;

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
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.number} id={`replacement-${one.number}`} className="border-b border-line">
            <Button
              aria-pressed={one.number === chosen}
              onPress={() => onChosen(one.number)}
              className={`flex w-full items-baseline gap-2 px-3 py-1 text-left outline-offset-[-2px] hover:bg-hover ${one.number === chosen ? "bg-selected" : ""}`}
            >
              <span className="w-6 shrink-0 text-right text-muted">{one.number}</span>
              <span className="entity shrink-0" data-category={one.segment.category ?? "custom"}>
                {typeTitle(one.segment.entity_type ?? "")}
              </span>
              <span className="min-w-0 truncate">{visible(whatBecame(one.segment))}</span>
              {one.field.field !== null && (
                <span className="ml-auto min-w-0 shrink-[9] truncate text-sm text-muted">
                  {fieldTitle(one.field)}
                </span>
              )}
            </Button>
          </li>
        ))}
      </ol>
      {found.length > SHOWN && (
        <p className="px-3 py-2 text-muted">{found.length - SHOWN} further replacements are not listed.</p>
      )}
    </section>
  );
}

// Why one entity was found, and what it was preferred to.

import { Facts } from "@/components/Facts";
import { Ticked } from "@/components/text/Ticked";
import { typeTitle } from "@/features/redaction/entityTypes";
import { fieldTitle, type Replacement, whatBecame } from "@/features/redaction/replacements";
import { visible } from "@/lib/format";

export function Why({ one }: { one: Replacement | undefined }) {
  if (!one) {
    return (
      <p className="text-muted">
        Choose a replacement to see which recognizer found it, why, and what it was preferred to.
      </p>
    );
  }
  const { segment } = one;
  return (
    <div className="grid gap-3">
      <Facts
        facts={[
          { name: "Entity", value: `${one.number} · ${typeTitle(segment.entity_type ?? "")}` },
          { name: "Where", value: fieldTitle(one.field) },
          { name: "Recognizer", value: <code>{segment.recognizer ?? "deny list"}</code> },
          { name: "Score", value: segment.score === null ? "–" : `${segment.score.toFixed(2)} of 1.00` },
          { name: "Treated", value: visible(whatBecame(segment)) },
        ]}
      />
      <ul className="grid list-disc gap-0.5 pl-5">
        {segment.why.map((reason) => (
          <li key={reason} className="wrap-anywhere">
            <Ticked text={visible(reason.charAt(0).toUpperCase() + reason.slice(1))} />
          </li>
        ))}
      </ul>
    </div>
  );
}

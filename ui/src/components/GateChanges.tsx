// Every rule of a version that differs from the one that it would replace; folded where they are many.

import { RuleChanges } from "@/components/RuleChanges";
import type { Gate } from "@/lib/bindings";
import { counted } from "@/lib/format";

/** As many are read at a glance. */
const FEW = 8;

export function GateChanges({ gate }: { gate: Gate }) {
  const { changes, before } = gate;
  if (changes === null) {
    return (
      <p>
        Which rules differ can't be told: <strong>{before}</strong> can't be read by this version of the
        program.
      </p>
    );
  }
  if (changes.length === 0) {
    return (
      <p>
        No rule differs from <strong>{before}</strong>.
      </p>
    );
  }
  const says = (
    <>
      {counted(changes.length, "rule differs", "rules differ")} from <strong>{before}</strong>
    </>
  );
  if (changes.length <= FEW) {
    return (
      <section className="grid gap-1">
        <p>{says}:</p>
        <RuleChanges rows={changes} />
      </section>
    );
  }
  return (
    <details>
      <summary className="cursor-pointer">{says}</summary>
      <div className="pt-2">
        <RuleChanges rows={changes} />
      </div>
    </details>
  );
}

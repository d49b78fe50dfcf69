// The clauses that a check reads, with what each asks and when it was read.

import { When } from "@/components/text/When";
import type { ClauseRow } from "@/lib/bindings";

export function Clauses({ clauses }: { clauses: readonly ClauseRow[] }) {
  return (
    <ul className="grid gap-1.5">
      {clauses.map((clause) => (
        <li key={clause.clause}>
          <span className="font-semibold">{clause.clause}</span>{" "}
          <span className="text-muted">
            {clause.asks} Read as of <When at={clause.as_of} form="date" />.
          </span>
        </li>
      ))}
    </ul>
  );
}

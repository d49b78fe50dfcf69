// Rules of two policies that differ, one a row.

import { type Column, Rows } from "@/components/table/Rows";
import type { PolicyDifference } from "@/lib/bindings";

const RULES: Record<string, string> = {
  threshold: "Threshold",
  names: "Names",
  operator: "Operator",
  allow: "Left alone",
  deny: "Always found",
  recognizer: "Recognizer",
  scope: "Scope",
};

const COLUMNS: readonly Column<PolicyDifference>[] = [
  { id: "what", title: "Rule", cell: (row) => RULES[row.what] ?? row.what },
  { id: "key", title: "Of", cell: (row) => <code className="[overflow-wrap:anywhere]">{row.key}</code> },
  { id: "before", title: "Before", cell: (row) => <Side of={row} value={row.before} /> },
  { id: "after", title: "After", cell: (row) => <Side of={row} value={row.after} /> },
];

/** A type without an operator of its own has the default one. */
function Side({ of, value }: { of: PolicyDifference; value: string | null }) {
  return value === null ? (
    <span className="text-muted">{of.what === "operator" ? "as the default" : "not there"}</span>
  ) : (
    <span className="[overflow-wrap:anywhere]">{value}</span>
  );
}

export function RuleChanges({ rows }: { rows: readonly PolicyDifference[] }) {
  return (
    <Rows
      label="Rules that differ"
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => `${row.what} ${row.key}`}
    />
  );
}

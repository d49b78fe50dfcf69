// A rehearsal by type, by field, by operator and by new rule, and what its counts do not say.

import { Panel } from "@/components/Page";
import { type Column, Rows } from "@/components/table/Rows";
import { CallLinks } from "@/features/redaction/CallLinks";
import { typeName } from "@/features/redaction/entityTypes";
import { fieldName } from "@/features/redaction/replacements";
import type { ByField, ByOperator, ByType, RedactedByRule, Rehearsal, Stretches } from "@/lib/bindings";
import { count } from "@/lib/format";

/** Columns of stretches; the first two are what the others are of. */
function stretches<Row>(of: (row: Row) => Stretches): Column<Row>[] {
  const number = (id: string, title: string, value: (all: Stretches) => number): Column<Row> => ({
    id,
    title,
    align: "right",
    cell: (row) => count(value(of(row))),
  });
  return [
    number("old", "Hidden by old", (all) => all.hidden_by_old),
    number("new", "Hidden by new", (all) => all.hidden_by_new),
    number("exposed", "Exposed", (all) => all.exposed),
    number("redacted", "Newly redacted", (all) => all.newly_redacted),
    number("otherwise", "Otherwise", (all) => all.treated_otherwise),
    number("unchanged", "Unchanged", (all) => all.unchanged),
  ];
}

const TYPES: readonly Column<ByType>[] = [
  {
    id: "type",
    title: "Entity type",
    cell: (row) => (
      <span className="entity whitespace-nowrap" data-category={row.category}>
        {typeName(row.entity_type)}
      </span>
    ),
  },
  ...stretches<ByType>((row) => row.stretches),
];

const FIELDS: readonly Column<ByField>[] = [
  { id: "field", title: "Field", cell: (row) => fieldName(row.field) },
  { id: "texts", title: "Texts", align: "right", cell: (row) => count(row.texts) },
  ...stretches<ByField>((row) => row.stretches),
];

/** "Credit card · mask" of `CREDIT_CARD mask`. */
function typeAndOperator(text: string): string {
  const [entityType = "", ...operator] = text.split(" ");
  return `${typeName(entityType)} · ${operator.join(" ")}`;
}

const OPERATORS: readonly Column<ByOperator>[] = [
  { id: "old", title: "Old", cell: (row) => typeAndOperator(row.old) },
  { id: "new", title: "New", cell: (row) => typeAndOperator(row.new) },
  { id: "stretches", title: "Stretches", align: "right", cell: (row) => count(row.stretches) },
  { id: "more", title: "Shows more", align: "right", cell: (row) => count(row.shows_more) },
];

const REDACTED: readonly Column<RedactedByRule>[] = [
  { id: "rule", title: "Rule that catches it", cell: (row) => <code>{row.recognizer}</code> },
  { id: "type", title: "Entity type", cell: (row) => typeName(row.entity_type) },
  { id: "redacted", title: "Newly redacted", align: "right", cell: (row) => count(row.newly_redacted) },
  { id: "calls", title: "Calls", align: "right", cell: (row) => count(row.calls) },
  { id: "ids", title: "For example", cell: (row) => <CallLinks ids={row.ids} /> },
];

export function RehearsalDetail({ of: found }: { of: Rehearsal }) {
  return (
    <>
      {found.redacted_by_rule.length > 0 && (
        <Panel title="What would be newly redacted, by the rule that catches it" flush>
          <Rows
            label="Newly redacted by rule"
            rows={found.redacted_by_rule}
            rowKey={(row) => `${row.recognizer} ${row.entity_type}`}
            columns={REDACTED}
          />
        </Panel>
      )}
      {found.by_operator.length > 0 && (
        <Panel title="Hidden by both, treated otherwise" flush>
          <Rows
            label="By operator"
            rows={found.by_operator}
            rowKey={(row) => `${row.old} ${row.new}`}
            columns={OPERATORS}
          />
        </Panel>
      )}
      {found.by_type.length > 0 && (
        <Panel title="Stretches of text by type" flush>
          <Rows label="By type" rows={found.by_type} rowKey={(row) => row.entity_type} columns={TYPES} />
        </Panel>
      )}
      {found.by_field.length > 0 && (
        <Panel title="Stretches of text by field" flush>
          <Rows label="By field" rows={found.by_field} rowKey={(row) => row.field} columns={FIELDS} />
        </Panel>
      )}
      <Panel title="How it was compared, and what it does not say">
        <ul className="list-disc pl-5">
          {[...found.runs, ...found.limits].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

// What becomes of each entity type, as a table over the policy's text: the text stays the policy.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { Panel } from "@/components/Page";
import { typeName, typeTitle } from "@/features/redaction/entityTypes";
import { OperatorFields } from "@/features/redaction/OperatorFields";
import {
  type Given,
  given,
  OPERATORS,
  operatorKind,
  withGiven,
  withoutGiven,
} from "@/features/redaction/operators";
import { useAsk } from "@/lib/query";

type Props = { toml: string; onTomlChanged: (toml: string) => void };

const OPTIONS = OPERATORS.map(({ name, title, about }) => ({ id: name, title, about }));

export function OperatorTable({ toml, onTomlChanged }: Props) {
  const rows = given(toml);
  const known = useAsk("redaction.recognizers", {});
  const [adding, setAdding] = useState("");
  const types = [
    ...new Set(["PERSON", "LOCATION", "ORGANIZATION", ...(known.data ?? []).map((one) => one.entity_type)]),
  ]
    .filter((entityType) => !rows.some((row) => row.entityType === entityType))
    .sort();
  const change = (row: Given) => onTomlChanged(withGiven(toml, row));
  return (
    <Panel title="What becomes of each type">
      <ul className="grid gap-3">
        {rows.map((row) => (
          <Row
            key={row.entityType}
            row={row}
            onChanged={change}
            onRemoved={() => onTomlChanged(withoutGiven(toml, row.entityType))}
          />
        ))}
      </ul>
      {types.length > 0 && (
        <div className="mt-3 flex flex-wrap items-end gap-2">
          <Select
            label="Another type"
            chosen={adding}
            onChosen={setAdding}
            options={types.map((entityType) => ({
              id: entityType,
              title: typeName(entityType),
              about: entityType,
            }))}
          />
          <Button
            isDisabled={adding === ""}
            onPress={() => {
              change({ entityType: adding, operator: "pseudonym", parameters: {} });
              setAdding("");
            }}
          >
            Add type
          </Button>
        </div>
      )}
    </Panel>
  );
}

type RowProps = { row: Given; onChanged: (row: Given) => void; onRemoved: () => void };

function Row({ row, onChanged, onRemoved }: RowProps) {
  const isDefault = row.entityType === "default";
  const title = isDefault ? "every other type" : typeTitle(row.entityType);
  const kind = operatorKind(row.operator);
  return (
    <li className="grid gap-1 border-b border-line pb-3 last:border-b-0 last:pb-0">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <strong className="first-letter:uppercase">{title}</strong>
        {!isDefault && (
          <Button tone="quiet" aria-label={`Treat ${title} as every other type`} onPress={onRemoved}>
            Remove
          </Button>
        )}
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label={`Operator of ${title}`}
          labelHidden
          chosen={row.operator}
          onChosen={(operator) => onChanged({ ...row, operator })}
          options={OPTIONS}
        />
        <OperatorFields
          of={title}
          given={row}
          onChanged={(parameters) => onChanged({ ...row, parameters })}
        />
      </div>
      <p className="text-sm text-muted">{kind?.about ?? "No operator of this name."}</p>
    </li>
  );
}

// The figures of a policy on a test set, by type, field and language, and the way to the cases.

import { useState } from "react";
import { Button } from "react-aria-components";
import { RadioChoice } from "@/components/form/RadioChoice";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { typeName } from "@/features/redaction/entityTypes";
import { type Figure, f2, precision, recall } from "@/features/redaction/figures";
import { besideModel } from "@/features/redaction/namesModel";
import { fieldName } from "@/features/redaction/replacements";
import type { Asked } from "@/features/redaction/SetCases";
import type { Agreement, Group, Measured, SetRun } from "@/lib/bindings";
import { count, counted, percent } from "@/lib/format";
import { useAsk } from "@/lib/query";

type Which = { policy?: string; policy_toml?: string };
type Props = { set: string; which: Which; onCases: (asked: Asked) => void };
type Row = { id: string; title: string; one: Agreement; type: string | undefined };

export function SetFigures({ set, which, onCases }: Props) {
  const asked = useAsk("redaction.run_set", { set, ...which });
  const inForce = useAsk("redaction.run_set", { set });
  return (
    <Answered asked={asked} what="the figures">
      {(run) => <Figures run={run} inForce={inForce.data?.measured} onCases={onCases} />}
    </Answered>
  );
}

type FiguresProps = { run: SetRun; inForce: Measured | undefined; onCases: Props["onCases"] };

function Figures({ run, inForce, onCases }: FiguresProps) {
  const [by, setBy] = useState("overlap");
  const { measured } = run;
  const isStrict = by === "strict";
  const of = (group: Group): Agreement => (isStrict ? group.strict : group);
  const rows: Row[] = [
    {
      id: "(all)",
      title: "All types",
      one: isStrict ? measured.strict : measured.overlap,
      type: undefined,
    },
    ...groups(measured.by_type).map(([name, group]) => ({
      id: name,
      title: typeName(name),
      one: of(group),
      type: name,
    })),
  ];
  const unfound = measured.labels.filter((label) => !label.is_found);
  return (
    <Panel
      title={`${measured.policy} ${measured.policy_version}${besideModel(measured.names_model)} on ${run.set.name}`}
      flush
    >
      <div className="grid gap-2 p-4">
        <RadioChoice
          label="A span counts when"
          direction="across"
          chosen={by}
          onChosen={setBy}
          options={[
            { id: "overlap", title: "its type matches and at least half of it is found" },
            { id: "strict", title: "start, end and type are the same" },
          ]}
        />
        <p className="text-muted">
          {counted(measured.records, "text")}; {count(measured.leaked.leaked_chars)} of{" "}
          {counted(measured.leaked.labelled_chars, "labelled character")} leak
          {measured.overlap.too_few
            ? ""
            : ` (${percent(measured.leaked.leaked_chars, measured.leaked.labelled_chars)})`}
          . Below a figure stands its 95 % interval; below 30 spans no figure is given.
        </p>
        {inForce !== undefined && <Against measured={measured} inForce={inForce} />}
        {unfound.length > 0 && (
          <p className="text-muted">
            Nothing in the policy finds {unfound.map((label) => label.label).join(", ")}: all of these count
            as missed.
          </p>
        )}
      </div>
      <Rows
        label="Figures by type"
        rows={rows}
        rowKey={(row) => row.id}
        columns={columns("Type", isStrict ? undefined : onCases)}
      />
      {[["Field", measured.by_field] as const, ["Language", measured.by_language] as const].map(
        ([title, all]) =>
          groups(all).length > 1 && (
            <Rows
              key={title}
              label={`Figures by ${title.toLowerCase()}`}
              rows={groups(all).map(([name, group]) => ({
                id: name,
                title: fieldName(name),
                one: of(group),
                type: undefined,
              }))}
              rowKey={(row) => row.id}
              columns={columns(title, undefined)}
            />
          ),
      )}
    </Panel>
  );
}

/** What the policy in force finds and takes wrongly of the same texts, where it is another. */
function Against({ measured, inForce }: { measured: Measured; inForce: Measured }) {
  const [now, before] = [measured.overlap, inForce.overlap];
  const isSame = now.tp === before.tp && now.fp === before.fp;
  if (isSame && measured.policy === inForce.policy && measured.policy_version === inForce.policy_version) {
    return null;
  }
  return (
    <p className="text-muted">
      The policy in force, {inForce.policy} {inForce.policy_version}, finds {count(before.tp)} of{" "}
      {counted(before.tp + before.fn, "span")} and {count(before.fp)} wrongly; this one finds {count(now.tp)}{" "}
      and {count(now.fp)} wrongly.
    </p>
  );
}

function Shown({ figure }: { figure: Figure }) {
  return (
    <>
      {figure.value}
      {figure.interval !== null && <div className="text-sm text-muted">{figure.interval}</div>}
    </>
  );
}

function groups(all: Measured["by_type"]): [string, Group][] {
  return Object.entries(all).flatMap(([name, group]) => (group === undefined ? [] : [[name, group]]));
}

function columns(first: string, onCases: Props["onCases"] | undefined): Column<Row>[] {
  const cases = (row: Row, which: "missed" | "wrong", number: number) =>
    number === 0 || onCases === undefined ? (
      count(number)
    ) : (
      <Button
        className="text-accent hover:underline"
        aria-label={`${count(number)} ${which}, ${row.title}: show the texts`}
        onPress={() => onCases(row.type === undefined ? { which } : { which, entity_type: row.type })}
      >
        {count(number)} ▸
      </Button>
    );
  return [
    { id: "name", title: first, cell: (row) => row.title },
    { id: "n", title: "Labelled", align: "right", cell: (row) => count(row.one.tp + row.one.fn) },
    {
      id: "precision",
      title: "Precision",
      align: "right",
      cell: (row) => <Shown figure={precision(row.one)} />,
    },
    { id: "recall", title: "Recall", align: "right", cell: (row) => <Shown figure={recall(row.one)} /> },
    { id: "f2", title: "F2", align: "right", cell: (row) => <Shown figure={f2(row.one)} /> },
    {
      id: "missed",
      title: "Missed",
      align: "right",
      cell: (row) => cases(row, "missed", row.one.fn),
    },
    { id: "wrong", title: "Wrong", align: "right", cell: (row) => cases(row, "wrong", row.one.fp) },
  ];
}

// Guard and local rules side by side, a line a type or a writing; each count opens its texts.

import type { ReactNode } from "react";
import { type Column, Rows } from "@/components/table/Rows";
import { typeName } from "@/features/redaction/entityTypes";
import { FoundShare } from "@/features/redaction/FoundShare";
import { type Which, WRITINGS } from "@/features/redaction/guards";
import type { GuardLine } from "@/lib/bindings";
import { count } from "@/lib/format";

export type Opened = { which: Which; entity_type?: string; writing?: string };
type Props = { label: string; lines: readonly GuardLine[]; onOpened: (opened: Opened) => void };

function named(line: GuardLine): ReactNode {
  const parts = [
    line.entity_type === null ? null : typeName(line.entity_type),
    line.writing === null ? null : (WRITINGS[line.writing] ?? line.writing),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function claims(line: GuardLine): ReactNode {
  if (line.claimed === "not_claimed") return <span className="text-muted">not claimed</span>;
  const names = line.guard_names.join(", ");
  return (
    <>
      <code className="text-sm break-words">{names}</code>
      {line.claimed === "not_known" && <span className="block text-sm text-muted">not known if on</span>}
    </>
  );
}

function foundAs(line: GuardLine): ReactNode {
  return (
    <ul className="text-sm">
      {line.found_as.slice(0, 3).map((one) => (
        <li key={one.name}>
          <code className="wrap-anywhere">{one.name}</code> {count(one.count)}
        </li>
      ))}
    </ul>
  );
}

export function GuardLines({ label, lines, onOpened }: Props) {
  const opens = (line: GuardLine, which: Which, value: number, title: string) => {
    if (value === 0) return "0";
    const opened: Opened = { which };
    if (line.entity_type !== null) opened.entity_type = line.entity_type;
    if (line.writing !== null) opened.writing = line.writing;
    return (
      <button
        type="button"
        className="text-accent underline underline-offset-2"
        aria-label={`${count(value)} ${title}: ${[line.entity_type, line.writing].filter(Boolean).join(", ")}`}
        onClick={() => onOpened(opened)}
      >
        {count(value)}
      </button>
    );
  };
  const hasTypes = lines.some((line) => line.entity_type !== null && line.writing === null);
  const columns: Column<GuardLine>[] = [
    { id: "name", title: hasTypes ? "Type" : "Which", cell: named },
    { id: "guard", title: "Guard found", align: "right", cell: (line) => <FoundShare of={line.guard} /> },
    { id: "local", title: "Local found", align: "right", cell: (line) => <FoundShare of={line.local} /> },
    {
      id: "only_guard",
      title: "Only guard",
      align: "right",
      cell: (line) => opens(line, "only_guard", line.only_guard, "found by the guard alone"),
    },
    {
      id: "only_local",
      title: "Only local",
      align: "right",
      cell: (line) => opens(line, "only_local", line.only_local, "found by the local rules alone"),
    },
    {
      id: "neither",
      title: "Neither",
      align: "right",
      cell: (line) => opens(line, "neither", line.neither, "found by neither"),
    },
    {
      id: "no_answer",
      title: "No verdict",
      align: "right",
      cell: (line) => opens(line, "no_answer", line.no_answer, "without a verdict"),
    },
  ];
  if (hasTypes) {
    columns.splice(1, 0, { id: "claims", title: "Guard's name", cell: claims });
    columns.push({ id: "found_as", title: "Found as", width: "16%", cell: foundAs });
  }
  return (
    <Rows
      label={label}
      rows={lines}
      rowKey={(line) => `${line.entity_type} ${line.writing}`}
      columns={columns}
    />
  );
}

// The operators that a policy can give to an entity type, and the lines of its text that do so.

export type Parameter = {
  key: string;
  title: string;
  /** What is taken where nothing is written. */
  usual: string;
} & ({ kind: "number"; least: number; most: number } | { kind: "choice"; options: readonly string[] });

export type OperatorKind = {
  name: string;
  title: string;
  about: string;
  parameters: readonly Parameter[];
};

const DAY_FIRST: Parameter = {
  key: "day_first",
  title: "03/04/2024 is the third of April",
  usual: "false",
  kind: "choice",
  options: ["false", "true"],
};

export const OPERATORS: readonly OperatorKind[] = [
  {
    name: "replace",
    title: "Replace",
    about: "A typed placeholder, the same for the same value within a conversation",
    parameters: [],
  },
  {
    name: "mask",
    title: "Mask",
    about: "Each letter and digit becomes a star; the last ones may stay, never more than a third",
    parameters: [
      { key: "keep_last", title: "Characters that stay", usual: "0", kind: "number", least: 0, most: 12 },
    ],
  },
  {
    name: "hash",
    title: "Hash",
    about: "A keyed hash: equal values stay equal, and only this store can make it",
    parameters: [],
  },
  {
    name: "pseudonym",
    title: "Pseudonym",
    about: "A value of the same form that is nobody's, the same for the same value",
    parameters: [],
  },
  {
    name: "date_shift",
    title: "Shift dates",
    about: "All dates of a conversation move by as many days; intervals stay. Run it once only",
    parameters: [
      { key: "max_days", title: "Days at most", usual: "365", kind: "number", least: 1, most: 3650 },
      DAY_FIRST,
    ],
  },
  {
    name: "generalise",
    title: "Generalise",
    about: "Month or year of a date, band of an age, area of a ZIP code, network of an address",
    parameters: [
      { key: "date", title: "Dates become", usual: "month", kind: "choice", options: ["month", "year"] },
      { key: "age_band", title: "Years in a band of ages", usual: "10", kind: "number", least: 2, most: 45 },
      DAY_FIRST,
    ],
  },
  {
    name: "reversible",
    title: "Reversible",
    about: "A token. With assay redaction apply the original goes into the vault of this store",
    parameters: [],
  },
  { name: "redact", title: "Remove", about: "Removed whole", parameters: [] },
  { name: "keep", title: "Keep", about: "Left as it is, and still counted", parameters: [] },
];

export function operatorKind(name: string): OperatorKind | undefined {
  return OPERATORS.find((one) => one.name === name);
}

/** An operator with its parameters. */
export type Treatment = {
  operator: string;
  /** As written, without the operator. */
  parameters: Readonly<Record<string, string>>;
};

/** What a policy's text gives to one entity type; `default` for all that have no line. */
export type Given = Treatment & { entityType: string };

const SECTION = /^\s*\[operators\]\s*(?:#.*)?$/;
const OTHER_SECTION = /^\s*\[/;
const LINE = /^\s*("?)([A-Za-z0-9_]+)\1\s*=\s*\{([^}]*)\}\s*(?:#.*)?$/;
const FIELD = /([a-z_]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]+))/g;

/** The lines of the section `[operators]`: from its first to behind its last. */
function section(lines: readonly string[]): { from: number; to: number } | null {
  const start = lines.findIndex((line) => SECTION.test(line));
  if (start < 0) return null;
  const end = lines.findIndex((line, index) => index > start && OTHER_SECTION.test(line));
  return { from: start + 1, to: end < 0 ? lines.length : end };
}

function fields(inner: string): Treatment {
  let operator = "";
  const parameters: Record<string, string> = {};
  for (const [, key, double, single, bare] of inner.matchAll(FIELD)) {
    const value = double ?? single ?? bare ?? "";
    if (key === "operator") operator = value;
    else if (key !== undefined) parameters[key] = value;
  }
  return { operator, parameters };
}

function read(line: string): Given | null {
  const match = LINE.exec(line);
  const [, , entityType, inner] = match ?? [];
  if (entityType === undefined || inner === undefined) return null;
  return { entityType, ...fields(inner) };
}

/** What a rule's form has: an operator's name, or an inline table. */
export function treatment(text: string): Treatment {
  return text.includes("{") ? fields(text) : { operator: text, parameters: {} };
}

/** What the text gives to each type, in the order of its lines. */
export function given(toml: string): Given[] {
  const lines = toml.split("\n");
  const at = section(lines);
  if (at === null) return [];
  return lines.slice(at.from, at.to).flatMap((line) => read(line) ?? []);
}

/** An operator as an inline table, with what is not as usual. */
export function asTable({ operator, parameters }: Treatment): string {
  const known = operatorKind(operator)?.parameters ?? [];
  const given = known.flatMap(({ key, kind, usual }) => {
    const value = parameters[key];
    if (value === undefined || value === usual) return [];
    const isBare = kind === "number" || value === "true" || value === "false";
    return [`${key} = ${isBare ? value : JSON.stringify(value)}`];
  });
  return `{ ${[`operator = ${JSON.stringify(operator)}`, ...given].join(", ")} }`;
}

function written({ entityType, ...rest }: Given): string {
  return `${entityType} = ${asTable(rest)}`;
}

/** The text with what one type is given; its line is changed or, where it has none, added. */
export function withGiven(toml: string, one: Given): string {
  const lines = toml.split("\n");
  const at = section(lines);
  if (at === null) return `${toml.trimEnd()}\n\n[operators]\n${written(one)}\n`;
  const index = lines.findIndex(
    (line, place) => place >= at.from && place < at.to && read(line)?.entityType === one.entityType,
  );
  if (index >= 0) {
    lines[index] = written(one);
    return lines.join("\n");
  }
  const last = lines.findLastIndex(
    (line, place) => place >= at.from - 1 && place < at.to && line.trim() !== "",
  );
  lines.splice(last + 1, 0, written(one));
  return lines.join("\n");
}

/** The text without the line of a type: it gets what `default` says. */
export function withoutGiven(toml: string, entityType: string): string {
  const lines = toml.split("\n");
  const at = section(lines);
  if (at === null) return toml;
  return lines
    .filter((line, place) => !(place >= at.from && place < at.to && read(line)?.entityType === entityType))
    .join("\n");
}

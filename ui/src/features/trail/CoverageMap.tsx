// The map of source × day: a table that is walked with arrow keys and read without its colours.

import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { TrailLink } from "@/components/TrailLink";
import { bar, cellText, digestText, stateLook, verdictLook } from "@/features/trail/coverage";
import type { Coverage, DayCell, Rule } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

type Props = { coverage: Coverage; signatures: readonly Rule[] };
type Place = { row: number; column: number };
type Drawn = { sign: string; look: string; text: string; cell?: DayCell };
type Line = { title: string; cells: readonly Drawn[] };

export function CoverageMap({ coverage, signatures }: Props) {
  const navigate = useNavigate();
  const table = useRef<HTMLTableElement>(null);
  const days = coverage.days;
  const [at, setAt] = useState<Place>({ row: 0, column: Math.max(0, days.length - 1) });
  const lines = drawn(coverage, new Map(signatures.map((rule) => [rule.name, rule.title])));
  const chosen = lines[at.row]?.cells[at.column];

  const open = (cell: DayCell | undefined) => {
    if (cell === undefined || (cell.calls === 0 && cell.elsewhere === 0)) return;
    void navigate({
      to: "/trail",
      search: { q: cell.calls > 0 ? cell.query : cell.elsewhere_query },
    });
  };
  const move = (event: KeyboardEvent) => {
    const to = moved(event.key, at, { rows: lines.length, columns: days.length });
    if (event.key === "Enter") open(chosen?.cell);
    if (to === null) return;
    event.preventDefault();
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-place="${to.row}.${to.column}"]`)?.focus();
  };

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div ref={toNewest} className="relative overflow-x-auto pb-1">
        <table
          ref={table}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked is a grid
          role="grid"
          aria-label="Calls by source and day"
          className="border-separate border-spacing-0.5"
          onKeyDown={move}
        >
          <thead>
            <tr>
              <th
                scope="col"
                rowSpan={2}
                className="sticky left-0 z-1 min-w-64 bg-surface pr-3 text-left text-sm"
              >
                Source
              </th>
              {months(days).map((month) => (
                <th
                  key={month.name}
                  scope="colgroup"
                  colSpan={month.days}
                  className="text-left text-sm font-normal whitespace-nowrap text-muted"
                >
                  {/* Where only the end of a month is in sight, its name still is, beside the sources. */}
                  <span
                    className={
                      month.days > 2 || days.length === month.days ? "sticky left-66 pr-2" : "sr-only"
                    }
                  >
                    {month.name}
                  </span>
                </th>
              ))}
            </tr>
            <tr>
              {days.map((day) => (
                <th key={day} scope="col" className="w-6 text-center text-sm font-normal text-muted">
                  <span className="sr-only">{day.slice(0, 8)}</span>
                  {day.slice(8)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, row) => (
              <tr key={line.title}>
                <th
                  scope="row"
                  className="sticky left-0 z-1 bg-surface pr-3 text-left font-normal whitespace-nowrap"
                >
                  {line.title}
                </th>
                {line.cells.map((one, column) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: a day keeps its column
                    key={column}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of the grid
                    role="gridcell"
                    data-place={`${row}.${column}`}
                    tabIndex={row === at.row && column === at.column ? 0 : -1}
                    aria-selected={row === at.row && column === at.column}
                    onFocus={() => setAt({ row, column })}
                    onMouseEnter={() => setAt({ row, column })}
                    onDoubleClick={() => open(one.cell)}
                    className={`h-6 w-6 min-w-6 cursor-default rounded-chip text-center leading-none outline-offset-[-2px] ${one.look} ${row === at.row && column === at.column ? "ring-1 ring-ink" : ""}`}
                  >
                    <span aria-hidden>{one.sign}</span>
                    <span className="sr-only">{one.text}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="flex min-h-6 flex-wrap gap-x-3">
        {chosen && (
          <>
            <span className="font-semibold">{lines[at.row]?.title}</span>
            <span>{chosen.text}</span>
            {chosen.cell && <CellLinks cell={chosen.cell} />}
          </>
        )}
      </p>
      <Legend rules={coverage.states} look={stateLook} label="What a day's sign means" />
      {coverage.digests.length > 0 && (
        <Legend rules={coverage.verdicts} look={verdictLook} label="What the digests' sign means" />
      )}
      {coverage.left_out > 0 && (
        <p className="text-sm text-muted">
          {counted(coverage.left_out, "earlier day")} of the period {coverage.left_out === 1 ? "is" : "are"}{" "}
          not shown: choose a shorter period.
        </p>
      )}
      {coverage.without_time > 0 && (
        <p className="text-sm text-muted">
          <TrailLink query="-has:started_at">{counted(coverage.without_time, "call")}</TrailLink> without a
          valid time {coverage.without_time === 1 ? "stands" : "stand"} on no day.
        </p>
      )}
    </div>
  );
}

/** The newest days are seen first. */
function toNewest(node: HTMLElement | null) {
  if (node !== null) node.scrollLeft = node.scrollWidth;
}

function CellLinks({ cell }: { cell: DayCell }) {
  return (
    <>
      {cell.calls > 0 && <TrailLink query={cell.query}>Open {count(cell.calls)}</TrailLink>}
      {cell.elsewhere > 0 && (
        <TrailLink query={cell.elsewhere_query}>Open {count(cell.elsewhere)} of other sources</TrailLink>
      )}
    </>
  );
}

function Legend({
  rules,
  look,
  label,
}: {
  rules: readonly Rule[];
  look: (name: string) => { sign: string; look: string };
  label: string;
}): ReactNode {
  return (
    <ul aria-label={label} className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {rules.map((rule) => (
        <li key={rule.name} className="flex items-baseline gap-1.5">
          <span
            aria-hidden
            className={`inline-flex h-5 w-5 shrink-0 items-center justify-center rounded-chip ${look(rule.name).look}`}
          >
            {look(rule.name).sign}
          </span>
          <span className="sr-only">{rule.title}: </span>
          {rule.says}
        </li>
      ))}
    </ul>
  );
}

function drawn(coverage: Coverage, titles: ReadonlyMap<string, string>): Line[] {
  const lines: Line[] = coverage.sources.map((source) => {
    const most = Math.max(0, ...source.cells.map((cell) => cell.calls));
    const cells = source.cells.map((cell) => {
      const { sign, look } = stateLook(cell.state);
      const shown = cell.state === "recorded" ? bar(cell.calls, most) : sign;
      return { sign: shown, look, text: cellText(cell, titles), cell };
    });
    return { title: source.title, cells };
  });
  if (coverage.digests.length === 0) return lines;
  const digests = new Map(coverage.digests.map((digest) => [digest.day, digest]));
  const cells = coverage.days.map((day) => {
    const digest = digests.get(day);
    return { ...verdictLook(digest?.verdict ?? ""), text: digestText(day, digest) };
  });
  return [...lines, { title: "CloudTrail digests", cells }];
}

function months(days: readonly string[]): { name: string; days: number }[] {
  const found: { name: string; days: number }[] = [];
  for (const day of days) {
    const name = day.slice(0, 7);
    const last = found.at(-1);
    if (last?.name === name) last.days += 1;
    else found.push({ name, days: 1 });
  }
  return found;
}

function moved(key: string, from: Place, size: { rows: number; columns: number }): Place | null {
  const place = (row: number, column: number): Place => ({
    row: Math.min(Math.max(row, 0), size.rows - 1),
    column: Math.min(Math.max(column, 0), size.columns - 1),
  });
  switch (key) {
    case "ArrowLeft":
      return place(from.row, from.column - 1);
    case "ArrowRight":
      return place(from.row, from.column + 1);
    case "ArrowUp":
      return place(from.row - 1, from.column);
    case "ArrowDown":
      return place(from.row + 1, from.column);
    case "Home":
      return place(from.row, 0);
    case "End":
      return place(from.row, size.columns - 1);
    default:
      return null;
  }
}

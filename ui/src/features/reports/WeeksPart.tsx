// The period week by week.

import { type Column, Rows } from "@/components/table/Rows";
import { valueText } from "@/features/reports/values";
import type { Week } from "@/lib/bindings";
import { count, date, percent } from "@/lib/format";

const COLUMNS: readonly Column<Week>[] = [
  { id: "from", title: "Week from", cell: (week) => date(week.from) },
  { id: "calls", title: "Calls", align: "right", cell: (week) => count(week.calls) },
  {
    id: "errors",
    title: "Failed",
    align: "right",
    cell: (week) => `${count(week.errors)} · ${percent(week.errors, week.calls)}`,
  },
  {
    id: "tokens",
    title: "Tokens in / out",
    align: "right",
    cell: (week) => `${count(week.input_tokens)} / ${count(week.output_tokens)}`,
  },
  { id: "tokens_known", title: "Tokens known for", align: "right", cell: (week) => count(week.tokens_known) },
  {
    id: "cost",
    title: "Cost",
    align: "right",
    cell: (week) => valueText({ is: "money", value: week.cost_usd_micros }),
  },
  { id: "cost_known", title: "Cost known for", align: "right", cell: (week) => count(week.cost_known) },
];

export function WeeksPart({ weeks }: { weeks: readonly Week[] }) {
  return (
    <>
      <p className="text-muted">
        Weeks of seven days from the first day of the period; the last one ends with the period and may be
        shorter.
      </p>
      <Rows label="Week by week" rows={weeks} rowKey={(week) => week.from} columns={COLUMNS} />
    </>
  );
}

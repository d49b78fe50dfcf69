// The rows of the provider's usage and cost reports, as they were imported.

import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { Page, Panel } from "@/components/Page";
import { Answered, Empty } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { bucketText } from "@/features/trail/billed";
import { PeriodFields } from "@/features/trail/PeriodFields";
import type { AskUsage, UsagePage, UsageRow } from "@/lib/bindings";
import { DAY_MS } from "@/lib/day";
import { count, counted, MISSING, timeCell, usd, words } from "@/lib/format";
import { chooseAndImport } from "@/lib/importing";
import { useAsk } from "@/lib/query";

const route = getRouteApi("/trail/usage");
/** Rows that are shown at once. */
const ROWS = 500;

export function UsageScreen() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { from, to, model, report, counts } = search;
  const asked = useAsk("trail.usage", {
    limit: ROWS,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(model === undefined ? {} : { model }),
    ...(report === undefined ? {} : { report }),
    ...(counts === "yes" || counts === "no" ? { counts: counts === "yes" } : {}),
  } satisfies AskUsage);
  const change = (next: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...next }) });
  return (
    <Page
      title="Usage and cost reports"
      about="What the provider says it counted and billed: sums by time, never calls. Times are UTC."
      actions={
        <Link to="/trail/coverage" className="text-accent underline underline-offset-2">
          Compare with the trail
        </Link>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div className="flex flex-wrap items-end gap-4">
          <PeriodFields from={from} to={to} onChanged={change} />
          <Select
            label="Report"
            chosen={report ?? "all"}
            options={[
              { id: "all", title: "Usage and cost" },
              { id: "usage", title: "Usage" },
              { id: "cost", title: "Cost" },
            ]}
            onChosen={(id) => change({ report: id === "all" ? undefined : id })}
          />
          <Select
            label="Rows"
            chosen={counts ?? "all"}
            options={[
              { id: "all", title: "All" },
              { id: "yes", title: "Those that count" },
              { id: "no", title: "Those said twice" },
            ]}
            onChosen={(id) => change({ counts: id === "all" ? undefined : id })}
          />
          {model !== undefined && (
            <button
              type="button"
              className="h-8 text-accent underline underline-offset-2"
              onClick={() => change({ model: undefined })}
            >
              All models, not only {model}
            </button>
          )}
        </div>
        <Answered asked={asked} what="the reports">
          {(page) => <Found page={page} />}
        </Answered>
      </div>
    </Page>
  );
}

function Found({ page }: { page: UsagePage }) {
  if (page.total === 0)
    return (
      <Empty
        title="No row of a usage or cost report matches"
        action={<Button onPress={() => chooseAndImport("files")}>Import files…</Button>}
      >
        Save the answers of Anthropic's usage and cost API as files and import them like logs.
      </Empty>
    );
  return (
    <>
      <p role="status">
        {counted(page.total, "row")}, of which {count(page.counted)} count.
        {page.tokens !== null && (
          <>
            {" "}
            <span title={bucketText(page.tokens)}>{counted(page.tokens.all, "token")}</span> counted.
          </>
        )}
        {page.amount_usd !== null && ` ${usd(page.amount_usd)} billed.`}
        {page.other_currency > 0 && ` ${counted(page.other_currency, "row")} in another currency, in no sum.`}
        {page.rows.length < page.total && ` The newest ${count(page.rows.length)} are shown.`}
      </p>
      <Panel title="Rows" flush>
        <Rows label="Rows of reports" rows={page.rows} rowKey={(row) => row.id} columns={COLUMNS} />
      </Panel>
      <p className="max-w-180 text-sm text-muted">{page.rule}</p>
    </>
  );
}

function dimensions(row: UsageRow): string {
  const named: [string, string | null][] = [
    ["workspace", row.workspace_id],
    ["key", row.api_key_id],
    ["account", row.account_id],
    ["service account", row.service_account_id],
    ["tier", row.service_tier],
    ["context", row.context_window],
    ["geography", row.inference_geo],
    ["cost of", row.cost_type === null ? null : words(row.cost_type)],
    ["tokens", row.token_type === null ? null : words(row.token_type)],
  ];
  return named
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");
}

const tokens = (
  id: string,
  title: string,
  of: (row: NonNullable<UsageRow["tokens"]>) => number,
): Column<UsageRow> => ({
  id,
  title,
  align: "right",
  cell: (row) =>
    row.tokens === null ? <span className="text-muted">{MISSING}</span> : count(of(row.tokens)),
});

/** The stretch of time of a bucket: a day is its date. */
function bucketTime(row: UsageRow): { from: string; to: string | null } {
  const isDay = Date.parse(row.to) - Date.parse(row.from) === DAY_MS;
  if (isDay) return { from: row.from.slice(0, 10), to: null };
  return { from: timeCell(row.from).slice(0, 16), to: timeCell(row.to).slice(0, 16) };
}

const COLUMNS: readonly Column<UsageRow>[] = [
  {
    id: "time",
    title: "Bucket (UTC)",
    cell: (row) => {
      const { from, to } = bucketTime(row);
      return (
        <span className="whitespace-nowrap">
          {from}
          {to !== null && <span className="block text-muted">until {to}</span>}
        </span>
      );
    },
  },
  {
    id: "model",
    title: "Model",
    cell: (row) => (
      <span className="whitespace-nowrap">
        {row.model ?? <span className="text-muted">no model</span>}
        <span className="block text-muted">
          {row.report} report{row.deployment === null ? "" : ` of ${row.deployment}`}
        </span>
      </span>
    ),
  },
  tokens("input", "Input", (row) => row.input_tokens),
  tokens("output", "Output", (row) => row.output_tokens),
  tokens("read", "Cache read", (row) => row.cache_read_tokens),
  {
    ...tokens("written", "Cache written", (row) => row.cache_write_5m_tokens),
    cell: (row) =>
      row.tokens === null ? (
        <span className="text-muted">{MISSING}</span>
      ) : (
        <>
          {count(row.tokens.cache_write_5m_tokens)} for 5 min
          <span className="block">{count(row.tokens.cache_write_1h_tokens)} for 1 h</span>
        </>
      ),
  },
  {
    id: "amount",
    title: "Billed",
    align: "right",
    cell: (row) =>
      row.amount_usd !== null ? (
        usd(row.amount_usd)
      ) : (
        <span className="text-muted">{row.report === "cost" ? `in ${row.currency}` : MISSING}</span>
      ),
  },
  {
    id: "of",
    title: "Of, and what brought it",
    width: "34%",
    cell: (row) => (
      <span className="[overflow-wrap:anywhere]">
        {dimensions(row) || "the whole organisation"}
        <span className="block text-muted">
          {row.path.split("/").at(-1)}, line {count(row.line)}
          {!row.counts && " · doesn't count: another row says the same"}
        </span>
      </span>
    ),
  },
];

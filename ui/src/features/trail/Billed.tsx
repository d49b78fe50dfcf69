// What the provider counted and billed against what the trail holds: by model, and day by day.

import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { bucketText, modelName, stateLook } from "@/features/trail/billed";
import { UsageLink } from "@/features/trail/UsageLink";
import type { BilledComparison, BilledLine, BilledModel, TokenCounts } from "@/lib/bindings";
import { count, counted, date, percent, usd, words } from "@/lib/format";

type Props = { billed: BilledComparison };

export function Billed({ billed }: Props) {
  if (billed.usage_rows === 0 && billed.cost_rows === 0)
    return (
      <p className="max-w-180 px-4 py-3">
        What the provider billed is unknown: no usage or cost report of this period was imported. Save the
        answers of Anthropic's <code>usage_report/messages</code> and <code>cost_report</code> as files, by
        day and model, and import them like logs.
      </p>
    );
  const apart = billed.lines.filter((line) => line.state !== "agrees");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Rows
        label="Billed and held by model"
        rows={billed.models}
        rowKey={(model) => `${model.deployment} ${model.model}`}
        columns={MODELS}
      />
      <div className="grid gap-1 px-4 text-sm">
        {billed.other_costs.map((cost) => (
          <p key={cost.cost_type}>
            {usd(cost.usd)} billed for {words(cost.cost_type)}, of no model.
          </p>
        ))}
        {billed.uncovered_calls > 0 && (
          <p>
            {billed.uncovered_query === null ? (
              counted(billed.uncovered_calls, "call")
            ) : (
              <TrailLink query={billed.uncovered_query}>{counted(billed.uncovered_calls, "call")}</TrailLink>
            )}{" "}
            to the Claude API on days that no report covers: what was billed of them is unknown.
          </p>
        )}
        {billed.models.length > 0 && apart.length === 0 && <p>Both sides agree on every day.</p>}
      </div>
      {apart.length > 0 && (
        <details className="pb-1">
          <summary className="cursor-default px-4 text-muted">
            {counted(apart.length, "day and model", "days and models")} of {count(billed.lines.length)} that
            don't agree
          </summary>
          <div className="mt-2">
            <Rows
              label="Days that don't agree"
              rows={apart}
              rowKey={(line) => `${line.day} ${line.deployment} ${line.model}`}
              columns={LINES}
            />
          </div>
          {billed.left_out > 0 && (
            <p className="px-4 pt-2 text-sm text-muted">
              {counted(billed.left_out, "earlier line")} not looked at here: choose a shorter period.
            </p>
          )}
        </details>
      )}
      <details className="px-4 pb-3">
        <summary className="cursor-default text-muted">How it is compared</summary>
        <div className="mt-2 grid max-w-180 gap-2">
          {billed.rules.map((rule) => (
            <p key={rule}>{rule}</p>
          ))}
          <dl className="grid gap-1">
            {billed.states.map((state) => (
              <div key={state.name}>
                <dt className="inline font-semibold">{stateLook(state.name).word}: </dt>
                <dd className="inline">{state.says}</dd>
              </div>
            ))}
          </dl>
        </div>
      </details>
    </div>
  );
}

function State({ state }: { state: string }) {
  const { sign, look, word } = stateLook(state);
  return (
    <span
      className={`inline-flex h-5 items-center gap-1 rounded-chip px-1.5 text-sm font-semibold whitespace-nowrap ${look}`}
    >
      <span aria-hidden>{sign}</span>
      {word}
    </span>
  );
}

function Unknown() {
  return <span className="text-muted">unknown</span>;
}

type Sides = {
  billed: TokenCounts | null;
  held: TokenCounts | null;
  calls: number;
  without_tokens: number;
  calls_query: string;
};

function BilledTokens({ side, usage }: { side: Sides; usage: BilledModel["usage"] }) {
  if (side.billed === null) return <Unknown />;
  return (
    <span title={bucketText(side.billed)}>
      <UsageLink asked={usage}>{count(side.billed.all)}</UsageLink>
    </span>
  );
}

/** What the trail holds, as a share of what was counted. */
function HeldTokens({ side }: { side: Sides }) {
  if (side.held === null) return <Unknown />;
  return (
    <span title={bucketText(side.held)}>
      {count(side.held.all)}
      {side.billed !== null && side.billed.all > 0 && (
        <span className="block text-muted">{percent(side.held.all, side.billed.all)} of billed</span>
      )}
    </span>
  );
}

function Calls({ side }: { side: Sides }) {
  return (
    <>
      <TrailLink query={side.calls_query}>{count(side.calls)}</TrailLink>
      {side.without_tokens > 0 && (
        <span className="block text-muted">{count(side.without_tokens)} without tokens</span>
      )}
    </>
  );
}

const MODELS: readonly Column<BilledModel>[] = [
  {
    id: "model",
    title: "Model",
    cell: (model) => (
      <>
        {modelName(model.model)}
        <span className="block text-muted">{model.deployment ?? "all deployments of the Claude API"}</span>
      </>
    ),
  },
  { id: "days", title: "Days", align: "right", cell: (model) => count(model.days) },
  {
    id: "billed",
    title: "Tokens billed",
    align: "right",
    cell: (model) => <BilledTokens side={model} usage={model.usage} />,
  },
  { id: "held", title: "Tokens in the trail", align: "right", cell: (model) => <HeldTokens side={model} /> },
  { id: "calls", title: "Calls", align: "right", cell: (model) => <Calls side={model} /> },
  {
    id: "cost",
    title: "Cost billed",
    align: "right",
    cell: (model) =>
      model.billed_usd === null ? (
        <Unknown />
      ) : (
        <>
          <UsageLink asked={model.cost}>{usd(model.billed_usd)}</UsageLink>
          <span className="block text-muted">{counted(model.cost_days, "day")}</span>
        </>
      ),
  },
  {
    id: "price",
    title: "By the price table",
    align: "right",
    cell: (model) =>
      model.held_usd === null ? (
        <Unknown />
      ) : (
        <>
          {usd(model.held_usd)}
          {model.without_cost > 0 && (
            <span className="block text-muted">{count(model.without_cost)} without a price</span>
          )}
        </>
      ),
  },
  { id: "state", title: "Tokens", cell: (model) => <State state={model.state} /> },
];

const LINES: readonly Column<BilledLine>[] = [
  {
    id: "day",
    title: "Day (UTC)",
    cell: (line) => (
      <span className="whitespace-nowrap">
        {date(line.day)}
        {line.hours > 0 && line.hours < 24 && (
          <span className="block text-muted">{counted(line.hours, "hour")} reported</span>
        )}
      </span>
    ),
  },
  { id: "model", title: "Model", cell: (line) => modelName(line.model) },
  {
    id: "billed",
    title: "Tokens billed",
    align: "right",
    cell: (line) => <BilledTokens side={line} usage={line.usage} />,
  },
  { id: "held", title: "Tokens in the trail", align: "right", cell: (line) => <HeldTokens side={line} /> },
  { id: "calls", title: "Calls", align: "right", cell: (line) => <Calls side={line} /> },
  { id: "state", title: "Tokens", cell: (line) => <State state={line.state} /> },
];

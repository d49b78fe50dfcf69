// The columns of calls and of activities.

import type { ReactNode } from "react";
import { KindMark } from "@/components/KindMark";

import { Maybe, Missing } from "@/components/text/When";
import { LentCell } from "@/features/trail/Lent";
import type { TrailColumn } from "@/features/trail/layout";
import type { ActivityRow, CallRow } from "@/lib/bindings";
import { count, duration, timeCell, usd, visible, words } from "@/lib/format";

/** The error of a call of which nobody recorded what became of it: it counts as one, and is told as unknown. */
const NO_OUTCOME = "no_outcome_recorded";

function Status({ call }: { call: CallRow }) {
  const code = call.http_status === null ? "" : `${call.http_status} `;
  if (call.status === "ok") return <>{`${code}ok`}</>;
  const isUnknown = call.error_type === NO_OUTCOME;
  const told = isUnknown ? "no outcome" : `${code}${visible(call.error_type ?? "error")}`;
  const look = isUnknown ? "chip-unknown" : call.http_status === 429 ? "chip-medium" : "chip-critical";
  return (
    <span
      className={`${look} inline-block max-w-full truncate rounded-chip px-1.5 align-middle text-sm font-semibold`}
      title={isUnknown ? "What became of it was not recorded; it counts as an error" : told}
    >
      {told}
    </span>
  );
}

function Regions({ call }: { call: CallRow }) {
  if (call.served_region === null) {
    return call.requested_region === null ? (
      <Missing />
    ) : (
      <span>{call.requested_region} → served unknown</span>
    );
  }
  if (call.requested_region === null || call.requested_region === call.served_region)
    return (
      <LentCell call={call} field="served_region">
        {call.served_region}
      </LentCell>
    );
  return (
    <LentCell call={call} field="served_region">
      {`${call.requested_region} → ${call.served_region}`}
    </LentCell>
  );
}

function Entities({ call }: { call: CallRow }) {
  if (call.entities === null) return <span className="text-subtle">not scanned</span>;
  return <>{count(call.entities)}</>;
}

function Tokens({ call }: { call: CallRow }) {
  if (call.input_tokens === null && call.output_tokens === null) return <Missing />;
  const part = (value: number | null) => (value === null ? "–" : count(value));
  return (
    <LentCell call={call} field="input_tokens">
      {`${part(call.input_tokens)} / ${part(call.output_tokens)}`}
    </LentCell>
  );
}

/** A mark beside the status: what was erased, or what a hold keeps. */
function Marked({ erased, held, children }: { erased: number | null; held: boolean; children: ReactNode }) {
  if (erased === null && !held) return <>{children}</>;
  const title = erased === null ? "A legal hold covers it" : `Its text was erased by #${count(erased)}`;
  return (
    <span className="inline-flex items-center gap-1.5">
      {children}
      <span className="chip-unknown rounded-chip px-1.5 text-sm font-semibold" title={title}>
        {erased === null ? "held" : "erased"}
      </span>
    </span>
  );
}

export const CALL_COLUMNS: readonly TrailColumn<CallRow>[] = [
  {
    id: "time",
    title: "Time (UTC)",
    width: 196,
    isSorted: true,
    cell: (call) => timeCell(call.started_at),
  },
  {
    id: "deployment",
    title: "Deployment",
    width: 178,
    cell: (call) => <KindMark kind={call.kind} name={visible(call.deployment)} />,
  },
  {
    id: "status",
    title: "Status",
    width: 150,
    cell: (call) => (
      <Marked erased={call.erased} held={call.held}>
        <Status call={call} />
      </Marked>
    ),
  },
  { id: "region", title: "Region", width: 176, cell: (call) => <Regions call={call} /> },
  {
    id: "model",
    title: "Model",
    width: 190,
    cell: (call) => <Maybe value={call.response_model ?? call.request_model} />,
  },
  { id: "entities", title: "Found", width: 84, align: "right", cell: (call) => <Entities call={call} /> },
  {
    id: "tokens",
    title: "Tokens in / out",
    width: 116,
    align: "right",
    cell: (call) => <Tokens call={call} />,
  },
  { id: "latency", title: "Latency", width: 84, align: "right", cell: (call) => <Latency call={call} /> },
  {
    id: "cost",
    title: "Cost",
    width: 84,
    align: "right",
    cell: (call) =>
      call.cost_usd === null ? (
        <Missing />
      ) : (
        <LentCell call={call} field="cost_usd">
          {usd(call.cost_usd)}
        </LentCell>
      ),
  },
  {
    id: "principal",
    title: "Principal",
    width: 200,
    cell: (call) =>
      call.principal === null ? <Missing /> : <span title={call.principal}>{visible(call.principal)}</span>,
  },
  { id: "sources", title: "Sources", width: 220, cell: (call) => call.sources.map(words).join(", ") },
  ...extra<CallRow>([
    ["cache", "Cache read", (call) => call.cache_read_tokens && count(call.cache_read_tokens)],
    ["stop_reason", "Stop reason", (call) => call.stop_reason],
    ["classification", "Classification", (call) => call.classification],
    ["conversation", "Conversation", (call) => call.conversation_id],
    ["request_ids", "Request ids", (call) => Object.values(call.request_ids).join(", ")],
    ["source_ip", "Source address", (call) => call.source_ip],
    ["asked_model", "Model asked for", (call) => call.request_model],
    ["body", "Text", (call) => words(call.body)],
    ["features", "Features", (call) => call.features.map(words).join(", ")],
    ["oddities", "Oddities", (call) => call.oddities.map(words).join(", ")],
    ["id", "Id", (call) => call.id],
  ]),
];

/** Columns that are shown where somebody chooses them. */
function extra<Row>(
  columns: readonly (readonly [string, string, (row: Row) => string | number | null])[],
): TrailColumn<Row>[] {
  return columns.map(([id, title, text]) => ({
    id,
    title,
    width: 160,
    isExtra: true,
    cell: (row) => {
      const value = text(row);
      return <Maybe value={typeof value === "string" ? visible(value) : value} />;
    },
  }));
}

function Latency({ call }: { call: CallRow }) {
  if (call.latency_ms === null) return <Missing />;
  return (
    <LentCell call={call} field="latency_ms">
      {duration(call.latency_ms)}
    </LentCell>
  );
}

function Outcome({ activity }: { activity: ActivityRow }) {
  if (activity.succeeded === null) return <Missing />;
  if (activity.succeeded) return <>worked</>;
  return (
    <span className="chip-medium rounded-chip px-1.5 text-sm font-semibold">
      {activity.error_type ?? "refused"}
    </span>
  );
}

export const ACTIVITY_COLUMNS: readonly TrailColumn<ActivityRow>[] = [
  {
    id: "time",
    title: "Time (UTC)",
    width: 196,
    isSorted: true,
    cell: (activity) => timeCell(activity.at),
  },
  { id: "action", title: "Action", width: 230, cell: (activity) => visible(activity.action) },
  { id: "category", title: "Category", width: 110, cell: (activity) => words(activity.category) },
  {
    id: "actor",
    title: "Actor",
    width: 210,
    cell: (activity) =>
      activity.actor === null ? <Missing /> : <span title={activity.actor}>{visible(activity.actor)}</span>,
  },
  {
    id: "target",
    title: "Target",
    width: 200,
    cell: (activity) => <Maybe value={activity.target && visible(activity.target)} />,
  },
  {
    id: "outcome",
    title: "Outcome",
    width: 150,
    cell: (activity) => (
      <Marked erased={activity.erased} held={activity.held}>
        <Outcome activity={activity} />
      </Marked>
    ),
  },
  { id: "region", title: "Region", width: 110, cell: (activity) => <Maybe value={activity.region} /> },
  {
    id: "reason",
    title: "Reason",
    width: 200,
    cell: (activity) => <Maybe value={activity.reason && visible(activity.reason)} />,
  },
  { id: "source", title: "Source", width: 180, cell: (activity) => words(activity.source) },
  ...extra<ActivityRow>([
    ["source_ip", "Source address", (activity) => activity.source_ip],
    ["account", "Account", (activity) => activity.account],
    ["oddities", "Oddities", (activity) => activity.oddities.map(words).join(", ")],
    ["id", "Id", (activity) => activity.id],
  ]),
];

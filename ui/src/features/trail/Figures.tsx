// The figures of a call: model, tokens, cost, latency, ids.

import type { ReactNode } from "react";
import { Facts } from "@/components/Facts";
import { Id } from "@/components/text/Id";
import { Maybe, Missing } from "@/components/text/When";
import { LentFact } from "@/features/trail/Lent";
import type { CallDetail, CallRow } from "@/lib/bindings";
import { count, duration, usd, visible, words } from "@/lib/format";

const tokens = (value: number | null) => (value === null ? <Missing /> : count(value));

export function Figures({ detail }: { detail: CallDetail }) {
  const { call, cost } = detail;
  const figure = (field: keyof CallRow, value: ReactNode) => (
    <LentFact call={call} field={field}>
      {value}
    </LentFact>
  );
  return (
    <section aria-label="Figures" className="grid gap-3">
      <h3>Figures</h3>
      <Facts
        facts={[
          { name: "Model asked for", value: <Maybe value={call.request_model} /> },
          { name: "Model that answered", value: <Maybe value={call.response_model} /> },
          { name: "Requested region", value: <Maybe value={call.requested_region} /> },
          { name: "Served region", value: figure("served_region", <Maybe value={call.served_region} />) },
          {
            name: "Status",
            value: `${call.status}${call.http_status === null ? "" : ` · ${call.http_status}`}${call.error_type ? ` · ${call.error_type}` : ""}`,
          },
          { name: "Stop reason", value: <Maybe value={call.stop_reason} /> },
          { name: "Input tokens", value: figure("input_tokens", tokens(call.input_tokens)) },
          { name: "Output tokens", value: figure("output_tokens", tokens(call.output_tokens)) },
          { name: "Cache read tokens", value: figure("cache_read_tokens", tokens(call.cache_read_tokens)) },
          {
            name: "Cache write, 5 min",
            value: figure("cache_write_5m_tokens", tokens(call.cache_write_5m_tokens)),
          },
          {
            name: "Cache write, 1 h",
            value: figure("cache_write_1h_tokens", tokens(call.cache_write_1h_tokens)),
          },
          {
            name: "Latency",
            value: figure("latency_ms", call.latency_ms === null ? <Missing /> : duration(call.latency_ms)),
          },
          {
            name: "Cost",
            value: (
              <>
                {cost.computed_usd === null ? <Missing /> : usd(cost.computed_usd)}
                <span className="text-sm text-muted"> {cost.basis}</span>
              </>
            ),
          },
          ...(cost.reported_usd === null
            ? []
            : [{ name: "Cost, as reported", value: usd(cost.reported_usd) }]),
          { name: "Principal", value: <Maybe value={call.principal && visible(call.principal)} /> },
          { name: "Source address", value: <Maybe value={call.source_ip} /> },
          ...(call.features.length === 0
            ? []
            : [{ name: "Features", value: call.features.map(words).join(", ") }]),
          ...(call.oddities.length === 0
            ? []
            : [{ name: "Oddities", value: call.oddities.map(words).join(", ") }]),
          ...Object.entries(call.request_ids).map(([name, id]) => ({
            name: words(name),
            value: id === undefined ? <Missing /> : <Id id={id} label={words(name)} />,
          })),
          ...Object.entries(call.metadata).map(([name, value]) => ({
            name: visible(name),
            value: visible(value ?? ""),
          })),
        ]}
      />
      {call.conflict && (
        <p className="chip-high rounded-control p-3">
          Another record of the same source has the same id and other content. Both are kept.
        </p>
      )}
    </section>
  );
}

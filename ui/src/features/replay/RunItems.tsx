// The calls of a run, original against new.

import { useState } from "react";
import { Button } from "react-aria-components";
import { Checkbox } from "@/components/form/Checkbox";
import { Panel } from "@/components/Page";
import { type Column, Rows } from "@/components/table/Rows";
import { Missing } from "@/components/text/When";
import { IN_FLIGHT, ITEM_STATES } from "@/features/replay/states";
import type { ReplayRun, RunItem } from "@/lib/bindings";
import { count, counted, duration, shortId, usd } from "@/lib/format";

const SHOWN = 300;

/** "120 → 96"; what a side doesn't tell is a dash, and neither side is one dash. */
function pair(before: string | null, after: string | null) {
  if (before === null && after === null) return <Missing />;
  return (
    <>
      {before ?? <Missing />} → {after ?? <Missing />}
    </>
  );
}

const number = (value: number | null) => (value === null ? null : count(value));

type Props = { run: ReplayRun; chosen: string | undefined; onChosen: (call: string) => void };

export function RunItems({ run, chosen, onChosen }: Props) {
  const [onlyChanged, setOnlyChanged] = useState(false);
  const items = onlyChanged ? run.items.filter((item) => item.state === "changed") : run.items;
  const columns: readonly Column<RunItem>[] = [
    {
      id: "call",
      title: "Call",
      cell: (item) => (
        <Button
          aria-pressed={item.call_id === chosen}
          onPress={() => onChosen(item.call_id)}
          className={`rounded-chip px-1 font-mono whitespace-nowrap text-accent underline ${item.call_id === chosen ? "bg-selected" : ""}`}
        >
          {shortId(item.call_id)}
        </Button>
      ),
    },
    {
      id: "state",
      title: "State",
      cell: (item) => {
        const isInFlight = run.state === "running" && item.state === "unknown";
        const state = ITEM_STATES[isInFlight ? IN_FLIGHT : item.state] ?? {
          title: item.state,
          look: "chip-unknown",
        };
        return (
          <>
            <span className={`rounded-chip px-1.5 text-sm font-semibold whitespace-nowrap ${state.look}`}>
              {state.title}
            </span>
            {item.detail && <span className="mt-0.5 block text-sm text-muted">{item.detail}</span>}
          </>
        );
      },
    },
    {
      id: "words",
      title: "Same words",
      align: "right",
      cell: (item) => (item.similarity === null ? <Missing /> : `${Math.floor(item.similarity * 100)} %`),
    },
    {
      id: "tokens",
      title: "Output tokens",
      align: "right",
      cell: (item) => pair(number(item.original_output_tokens), number(item.output_tokens)),
    },
    {
      id: "latency",
      title: "Latency",
      align: "right",
      cell: (item) =>
        pair(
          item.original_latency_ms === null ? null : duration(item.original_latency_ms),
          item.latency_ms === null ? null : duration(item.latency_ms),
        ),
    },
    {
      id: "cost",
      title: "Cost",
      align: "right",
      cell: (item) =>
        pair(
          item.original_cost_usd === null ? null : usd(item.original_cost_usd),
          item.cost_usd === null ? null : usd(item.cost_usd),
        ),
    },
  ];
  return (
    <Panel
      title={`${counted(items.length, "call")} of ${count(run.items.length)} with a result or a refusal`}
      actions={<Checkbox label="Only changed" isSelected={onlyChanged} onChange={setOnlyChanged} />}
      flush
    >
      {items.length === 0 ? (
        <p className="p-4 text-muted">
          {onlyChanged ? "No answer of this run changed." : "No call has a result yet."}
        </p>
      ) : (
        <>
          <Rows
            label="Calls of the run"
            rows={items.slice(0, SHOWN)}
            rowKey={(item) => item.call_id}
            columns={chosen === undefined ? columns : columns.slice(0, 2)}
          />
          {items.length > SHOWN && (
            <p className="px-3 py-2 text-muted">
              {counted(items.length - SHOWN, "further call")} not listed. Narrow the list, or plan smaller
              runs.
            </p>
          )}
        </>
      )}
    </Panel>
  );
}

// One call of a run: what its answer was, what it is now, and what else differs.

import { Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { Id } from "@/components/text/Id";
import { Maybe } from "@/components/text/When";
import { WordDiff } from "@/features/replay/WordDiff";
import type { Comparison, DiffSegment, RunItem } from "@/lib/bindings";
import { count, duration, sentence, usd, visible, words } from "@/lib/format";
import { useAsk } from "@/lib/query";

type Line = { name: string; original: string | null; now: string | null };

const COLUMNS: readonly Column<Line>[] = [
  { id: "name", title: "Field", cell: (line) => <span className="text-muted">{line.name}</span> },
  { id: "original", title: "Original", cell: (line) => <Maybe value={line.original} /> },
  { id: "now", title: "New", cell: (line) => <Maybe value={line.now} /> },
];

function lines({ item, differs }: Comparison): Line[] {
  const number = (value: number | null) => (value === null ? null : count(value));
  return [
    ...differs.map((difference) => {
      const name = words(difference.field);
      return {
        name: name.charAt(0).toUpperCase() + name.slice(1),
        original: difference.here,
        now: difference.there,
      };
    }),
    { name: "Input tokens", original: number(item.original_input_tokens), now: number(item.input_tokens) },
    { name: "Output tokens", original: number(item.original_output_tokens), now: number(item.output_tokens) },
    {
      name: "Latency",
      original: item.original_latency_ms === null ? null : duration(item.original_latency_ms),
      now: item.latency_ms === null ? null : duration(item.latency_ms),
    },
    {
      name: "Cost",
      original: item.original_cost_usd === null ? null : usd(item.original_cost_usd),
      now: item.cost_usd === null ? null : usd(item.cost_usd),
    },
  ];
}

type Props = { run: string; item: RunItem; onClosed: () => void };

export function ComparisonView({ run, item, onClosed }: Props) {
  return (
    <Panel title="Comparison" actions={<Button onPress={onClosed}>Close</Button>}>
      <div className="grid gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <Id id={item.call_id} label="id of the call" />
          <Link to="/trail" search={{ rec: item.call_id }} className="text-accent underline">
            Open in the trail
          </Link>
        </div>
        {item.state === "refused" || item.state === "not_run" ? (
          <p>
            This call was not sent{item.detail ? `: ${item.detail}` : ""}. There is no new answer to compare
            with.
          </p>
        ) : (
          <Compared run={run} call={item.call_id} />
        )}
      </div>
    </Panel>
  );
}

function Answers({ diff }: { diff: readonly DiffSegment[] }) {
  return (
    <>
      <p className="text-muted">
        Masked by the policy in force on both sides. A difference says that the answers differ, not which of
        them serves its purpose.
      </p>
      {diff.length === 0 ? <p>Neither side holds text.</p> : <WordDiff diff={diff} />}
    </>
  );
}

/** One side alone is no difference. */
function NewAnswer({ diff }: { diff: readonly DiffSegment[] }) {
  return (
    <>
      <p className="text-muted">Nothing was compared. The new answer, masked by the policy in force:</p>
      {diff.length === 0 ? (
        <p>It holds no text.</p>
      ) : (
        <section
          aria-label="New answer"
          tabIndex={0}
          className="max-h-100 overflow-auto rounded-control border border-line p-3 outline-offset-[-2px]"
        >
          <pre className="break-words whitespace-pre-wrap [unicode-bidi:isolate]" dir="auto">
            {visible(diff.map((segment) => segment.text).join(""))}
          </pre>
        </section>
      )}
    </>
  );
}

function Compared({ run, call }: { run: string; call: string }) {
  const asked = useAsk("replay.comparison", { run, call_id: call });
  return (
    <Answered asked={asked} what="the comparison">
      {(comparison) => (
        <>
          {comparison.item.detail && <p>{sentence(comparison.item.detail)}</p>}
          {comparison.item.state === "not_compared" ? (
            <NewAnswer diff={comparison.diff} />
          ) : (
            <Answers diff={comparison.diff} />
          )}
          <Rows
            label="Original and new"
            rows={lines(comparison)}
            rowKey={(line) => line.name}
            columns={COLUMNS}
          />
        </>
      )}
    </Answered>
  );
}

// Pairs of sources: calls in both, in one only, and what one side does not tell.

import { TrailLink } from "@/components/TrailLink";
import { Rows } from "@/components/table/Rows";
import type { Pair, SourceCalls } from "@/lib/bindings";
import { count, words } from "@/lib/format";

type Props = { pairs: readonly Pair[]; sources: readonly SourceCalls[] };

export function CoveragePairs({ pairs, sources }: Props) {
  const titles = new Map(sources.map((source) => [source.source, source.title]));
  const title = (source: string) => titles.get(source) ?? source;
  if (pairs.length === 0)
    return (
      <p className="px-4 py-3">
        Only one source holds calls of this period: nothing tells whether it is whole.
      </p>
    );
  return (
    <Rows
      label="Pairs of sources"
      rows={pairs}
      rowKey={(pair) => `${pair.left} ${pair.right}`}
      columns={[
        { id: "left", title: "Source", cell: (pair) => title(pair.left) },
        { id: "right", title: "Beside", cell: (pair) => title(pair.right) },
        {
          id: "both",
          title: "In both",
          align: "right",
          cell: (pair) => <TrailLink query={pair.matched_query}>{count(pair.matched)}</TrailLink>,
        },
        {
          id: "only_left",
          title: "Only in the first",
          align: "right",
          cell: (pair) => <TrailLink query={pair.only_left_query}>{count(pair.only_left)}</TrailLink>,
        },
        {
          id: "only_right",
          title: "Only in the second",
          align: "right",
          cell: (pair) => <TrailLink query={pair.only_right_query}>{count(pair.only_right)}</TrailLink>,
        },
        {
          id: "fields",
          title: "Told by one side only",
          cell: (pair) =>
            pair.fields_missing.length === 0 ? (
              <span className="text-muted">
                {pair.compared === 0 ? "not compared" : `nothing, of ${count(pair.compared)} compared`}
              </span>
            ) : (
              <details>
                <summary className="cursor-default">
                  {count(pair.fields_missing.length)} fields, of {count(pair.compared)} compared
                </summary>
                <ul>
                  {pair.fields_missing.map((field) => (
                    <li key={`${field.source} ${field.field}`}>
                      {title(field.source)} lacks {words(field.field)} in {count(field.calls)} of{" "}
                      {count(pair.compared)}
                    </li>
                  ))}
                </ul>
              </details>
            ),
        },
      ]}
    />
  );
}

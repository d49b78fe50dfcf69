// Two sources of the same calls: what is in clear in which.

import { Panel } from "@/components/Page";
import { type Column, Rows } from "@/components/table/Rows";
import { CallLinks } from "@/features/redaction/CallLinks";
import { typeName } from "@/features/redaction/entityTypes";
import { type Tile, Tiles } from "@/features/redaction/Tiles";
import type { SinkLine, SinkPair } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

export function SinkPairPanel({ pair }: { pair: SinkPair }) {
  const { one_title: one, other_title: other } = pair;
  const columns: readonly Column<SinkLine>[] = [
    { id: "type", title: "Type", cell: (line) => typeName(line.entity_type) },
    { id: "both", title: "Clear in both", align: "right", cell: (line) => count(line.clear_in_both) },
    { id: "one", title: "Only in the first", align: "right", cell: (line) => count(line.clear_in_one) },
    { id: "other", title: "Only in the second", align: "right", cell: (line) => count(line.clear_in_other) },
    { id: "unclear", title: "Can't be told", align: "right", cell: (line) => count(line.unclear) },
  ];
  const tiles: Tile[] = [
    {
      id: "one",
      title: `Clear in ${one}, masked in ${other}`,
      value: pair.calls_clear_in_one,
      tone: "danger",
    },
    {
      id: "other",
      title: `Clear in ${other}, masked in ${one}`,
      value: pair.calls_clear_in_other,
      tone: "danger",
    },
    { id: "none", title: "Nothing found in either", value: pair.nothing_found },
  ];
  return (
    <Panel title={`${one} and ${other}`}>
      <div className="grid gap-3">
        <p>
          {count(pair.compared)} of {counted(pair.together, "call")} that both recorded were compared.
          {pair.not_compared.length > 0 && (
            <span className="text-muted">
              {" "}
              Not compared: {pair.not_compared.map((why) => `${count(why.count)}, ${why.name}`).join("; ")}.
            </span>
          )}
        </p>
        {pair.compared > 0 && (
          <Tiles label={`${one} and ${other}, in calls`} tiles={tiles} of={pair.compared} />
        )}
        {pair.by_type.length > 0 && (
          <p className="text-muted">
            Values in clear, by type. The first is {one}, the second {other}.
          </p>
        )}
        {pair.by_type.length > 0 && (
          <Rows
            label={`${one} and ${other} by type`}
            rows={pair.by_type}
            rowKey={(line) => line.entity_type}
            columns={columns}
          />
        )}
        {[
          { of: one, ids: pair.examples_one, calls: pair.calls_clear_in_one },
          { of: other, ids: pair.examples_other, calls: pair.calls_clear_in_other },
        ]
          .filter(({ ids }) => ids.length > 0)
          .map(({ of, ids, calls }) => (
            <div key={of} className="grid gap-1">
              <p className="text-sm text-muted">
                Calls with something in clear in {of} only
                {ids.length < calls && `, the first ${count(ids.length)} of ${count(calls)}`}:
              </p>
              <CallLinks ids={ids} />
            </div>
          ))}
      </div>
    </Panel>
  );
}

// Known holes: what a source should hold and does not, each with the records that prove it.

import { TrailLink } from "@/components/TrailLink";
import { Rows } from "@/components/table/Rows";
import { Ticked } from "@/components/text/Ticked";
import { UsageLink } from "@/features/trail/UsageLink";
import type { HoleRow, Rule } from "@/lib/bindings";
import { count, timeCell } from "@/lib/format";

type Props = { holes: readonly HoleRow[]; signatures: readonly Rule[] };

export function CoverageHoles({ holes, signatures }: Props) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {holes.length === 0 ? (
        <p className="px-4 pt-3">
          No known hole in this period. That is no proof that nothing is missing: only what another source or
          a record itself tells is found.
        </p>
      ) : (
        <Rows
          label="List of holes"
          rows={holes}
          rowKey={(hole) => `${hole.signature} ${hole.source} ${hole.deployment} ${hole.from} ${hole.says}`}
          columns={[
            {
              id: "hole",
              title: "Hole",
              cell: (hole) => (
                <div className="min-w-44">
                  <span className="font-semibold">{hole.title}</span>
                  <span className="block text-muted">{hole.source_title}</span>
                </div>
              ),
            },
            {
              id: "deployment",
              title: "Deployment",
              cell: (hole) => (
                <span className="inline-block min-w-32 [overflow-wrap:anywhere]">
                  {hole.deployment ?? "all"}
                </span>
              ),
            },
            {
              id: "time",
              title: "From, until (UTC)",
              cell: (hole) => (
                <span className="whitespace-nowrap">
                  {timeCell(hole.from).slice(0, 16)}
                  <span className="block">
                    {hole.no_end_known ? "no end known" : timeCell(hole.to).slice(0, 16)}
                  </span>
                </span>
              ),
            },
            {
              id: "count",
              title: "Count",
              align: "right",
              cell: (hole) => (
                <>
                  {count(hole.count)} of {count(hole.denominator)}
                  <span className="block text-muted">{hole.unit}</span>
                </>
              ),
            },
            {
              id: "says",
              title: "What is known",
              cell: (hole) => (
                <>
                  <Ticked text={hole.says} />
                  <span className="flex flex-wrap gap-x-3">
                    {hole.query !== null && <TrailLink query={hole.query}>Open the calls</TrailLink>}
                    {hole.usage !== null && <UsageLink asked={hole.usage}>Open the report's rows</UsageLink>}
                    {hole.activities_query !== null && (
                      <TrailLink query={hole.activities_query} tab="activities">
                        Open the activity
                      </TrailLink>
                    )}
                  </span>
                </>
              ),
            },
          ]}
        />
      )}
      <details className="px-4 pb-3">
        <summary className="cursor-default text-muted">What is looked for, and by which rule</summary>
        <dl className="mt-2 grid gap-2">
          {signatures.map((rule) => (
            <div key={rule.name}>
              <dt className="font-semibold">{rule.title}</dt>
              <dd className="max-w-180">{rule.says}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

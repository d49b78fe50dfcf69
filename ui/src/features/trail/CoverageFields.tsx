// How often each source records each field, of its records.

import { TrailLink } from "@/components/TrailLink";
import type { Fill, SourceCalls } from "@/lib/bindings";
import { count, counted, percent, words } from "@/lib/format";

type Props = { sources: readonly SourceCalls[] };

export function CoverageFields({ sources }: Props) {
  const fields = [...new Set(sources.flatMap((source) => source.fields.map((fill) => fill.field)))];
  return (
    <section className="relative overflow-x-auto" tabIndex={0} aria-label="Fields by source">
      <table className="w-full border-collapse">
        <thead>
          <tr className="bg-surface2 text-sm text-muted">
            <th scope="col" className="border-b border-line px-3 py-1.5 text-left">
              Field
            </th>
            {sources.map((source) => (
              <th key={source.source} scope="col" className="border-b border-line px-3 py-1.5 text-right">
                {source.title}
                <span className="block font-normal">of {counted(source.records, "record")}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field} className="hover:bg-hover">
              <th scope="row" className="border-b border-line px-3 py-1 text-left font-normal">
                {words(field)}
              </th>
              {sources.map((source) => (
                <td
                  key={source.source}
                  className="border-b border-line px-3 py-1 text-right whitespace-nowrap"
                >
                  <Share fill={source.fields.find((fill) => fill.field === field)} field={field} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Share({ fill, field }: { fill: Fill | undefined; field: string }) {
  if (fill === undefined)
    return <span className="text-muted">{field === "text" ? "never holds it" : "–"}</span>;
  if (fill.told === 0) return <span className="text-muted">never</span>;
  if (fill.told === fill.of) return <>every</>;
  return (
    <TrailLink query={fill.lacking_query}>
      {percent(fill.told, fill.of)}, {count(fill.of - fill.told)} without
    </TrailLink>
  );
}

// The values of each field among the matching calls. A click shows only that value; a second one
// shows all again.

import { Minus } from "lucide-react";
import { Answered } from "@/components/States";
import { Missing } from "@/components/text/When";
import type { Facet, FacetValue } from "@/lib/bindings";
import { count, visible, words } from "@/lib/format";
import { useAsk } from "@/lib/query";
import { hasTerm, onlyTerm, termFor, withoutTerm, withTerm } from "@/lib/terms";

type Props = { query: string; onApplied: (query: string) => void };

export function Facets({ query, onApplied }: Props) {
  const facets = useAsk("trail.facets", { query });
  return (
    <Answered asked={facets} what="the facets">
      {(data) => (
        <div
          className={`grid grid-cols-[minmax(0,1fr)] gap-3 p-3 ${facets.isPlaceholderData ? "opacity-60" : ""}`}
        >
          {data.every((facet) => facet.values.length === 0) && (
            <p className="text-sm text-muted">No call matches: there is no value to choose.</p>
          )}
          {data
            .filter((facet) => facet.values.length > 0)
            .map((facet) => (
              <section key={facet.field} aria-label={facet.title}>
                <h2 className="mb-0.5 text-sm font-semibold">{facet.title}</h2>
                <ul className="grid grid-cols-[minmax(0,1fr)]">
                  {facet.values.map((value) => (
                    <Value
                      key={value.value ?? ""}
                      facet={facet}
                      value={value}
                      query={query}
                      onApplied={onApplied}
                    />
                  ))}
                </ul>
                {facet.more > 0 && (
                  <p className="text-sm text-muted">{count(facet.more)} more; type them in the query</p>
                )}
              </section>
            ))}
        </div>
      )}
    </Answered>
  );
}

const NAMES: Record<string, string> = {
  claude_api: "Claude API",
  bedrock: "Amazon Bedrock",
  vertex: "Google Vertex AI",
  private: "Private endpoint",
  claude_enterprise: "Claude Enterprise",
};

function title(facet: Facet, value: string): string {
  if (facet.field === "kind") return NAMES[value] ?? visible(value);
  return ["source", "status", "body", "feature", "entity_type"].includes(facet.field)
    ? words(value).toLowerCase()
    : visible(value);
}

function Value({ facet, value, query, onApplied }: Props & { facet: Facet; value: FacetValue }) {
  const term = termFor(facet.field, value.value);
  const isOn = hasTerm(query, term);
  const name = value.value === null ? "not recorded" : title(facet, value.value);
  const inverse = value.value === null ? `has:${facet.field}` : `-${term}`;
  return (
    <li className="group relative">
      <button
        type="button"
        aria-pressed={isOn}
        title={value.value === null ? "not recorded" : visible(value.value)}
        className={`flex min-h-6 w-full min-w-0 items-center justify-between gap-2 rounded-chip px-1 text-left group-focus-within:pr-7 group-hover:pr-7 hover:bg-hover ${isOn ? "bg-selected font-semibold" : ""}`}
        onClick={() => onApplied(isOn ? withoutTerm(query, term) : onlyTerm(query, facet.field, term))}
      >
        <span className="truncate">
          {value.value === null ? <span className="text-muted">not recorded</span> : name}
        </span>{" "}
        <span className="text-muted">{value.count === 0 ? <Missing /> : count(value.count)}</span>
      </button>
      <button
        type="button"
        aria-label={`Exclude ${facet.title} ${name}`}
        title={`Exclude ${name}`}
        className="absolute top-0 right-0 flex size-6 items-center justify-center rounded-chip text-muted opacity-0 group-hover:opacity-100 hover:bg-hover focus-visible:opacity-100"
        onClick={() => onApplied(withTerm(query, inverse))}
      >
        <Minus aria-hidden size={12} />
      </button>
    </li>
  );
}

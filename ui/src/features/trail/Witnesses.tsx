// The records of a call side by side: what each source says, and where they disagree.

import { Link2, Ticket, TriangleAlert } from "lucide-react";
import { Button } from "@/components/Button";
import { Maybe, When } from "@/components/text/When";
import { Other } from "@/features/trail/OtherRecord";
import type { CallDetail, Disagreement, JoinKind, SourceVersion, ToldText } from "@/lib/bindings";
import { count, counted, usd, words } from "@/lib/format";

type Props = { detail: CallDetail; onOpened: (id: string) => void };

const FIELDS: Record<Disagreement, string> = {
  region: "Region",
  tokens: "Tokens",
  cost: "Cost",
  status: "Status",
  redaction: "Text in clear or masked",
};

const TEXTS: Record<ToldText, string> = {
  clear: "in clear",
  masked: "masked by the source",
  none: "not kept",
  erased: "erased here",
};

export function Witnesses({ detail, onOpened }: Props) {
  if (detail.versions.length < 2) {
    return (
      <div className="grid gap-3 p-4">
        {detail.ambiguity === null && (
          <p className="text-muted">
            Only {words(detail.provenance.source)} saw this call. Import further logs of the same period:
            records of the same call are joined by their request ids and, where they share none, by text,
            model, tokens and time.
          </p>
        )}
        <Ambiguity sentence={detail.ambiguity} />
      </div>
    );
  }
  const differing = new Set(detail.disagreements.map((one) => one.field));
  return (
    <div className="grid gap-4 p-4">
      <p>
        {counted(detail.versions.length, "record")} of this call. Shown is the record of{" "}
        {words(detail.provenance.source)}.
      </p>
      <Ambiguity sentence={detail.ambiguity} />
      {detail.disagreements.length === 0 ? (
        <p className="text-muted">
          The sources don't disagree on region, tokens, cost, status or whether the text is masked.
        </p>
      ) : (
        <ul aria-label="Disagreements" className="grid gap-2">
          {detail.disagreements.map((one) => (
            <li key={one.field} className="rounded-control border border-line p-2">
              <p className="flex flex-wrap items-center gap-2">
                <Differs /> <strong>{FIELDS[one.field]}</strong>
              </p>
              <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3">
                {one.values.map((told) => (
                  <div key={told.id} className="contents">
                    <dt className="text-muted">{words(told.source)}</dt>
                    <dd className="break-words">{told.value}</dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ul>
      )}
      <Versions versions={detail.versions} differing={differing} onOpened={onOpened} />
      {detail.witnesses.map((witness) => (
        <Other key={witness.id} witness={witness} here={words(detail.provenance.source)} />
      ))}
    </div>
  );
}

function Ambiguity({ sentence }: { sentence: string | null }) {
  if (sentence === null) return null;
  return (
    <p>
      <span className="mr-2 inline-flex h-5 shrink-0 items-center gap-1 rounded-chip px-1.5 text-sm font-semibold chip-unknown">
        <TriangleAlert aria-hidden size={12} />
        Can't be told apart
      </span>
      {sentence}
    </p>
  );
}

function Differs() {
  return (
    <span className="inline-flex h-5 shrink-0 items-center gap-1 rounded-chip px-1.5 text-sm font-semibold whitespace-nowrap chip-high">
      <TriangleAlert aria-hidden size={12} />
      Differs
    </span>
  );
}

function JoinMark({ join }: { join: JoinKind }) {
  if (join === "shown") return <span className="text-muted">this record</span>;
  const isInferred = join === "inferred";
  const Icon = isInferred ? Link2 : Ticket;
  return (
    <span
      className={`inline-flex h-5 items-center gap-1 rounded-chip px-1.5 text-sm font-semibold whitespace-nowrap ${isInferred ? "chip-medium" : "chip-low"}`}
    >
      <Icon aria-hidden size={12} />
      {isInferred ? "Inferred" : "Same id"}
    </span>
  );
}

type Line = {
  title: string;
  field: Disagreement | null;
  cell: (version: SourceVersion) => React.ReactNode;
};

const number = (value: number | null) => (value === null ? null : count(value));

const LINES: Line[] = [
  { title: "Joined", field: null, cell: (one) => <JoinMark join={one.join} /> },
  { title: "Started at", field: null, cell: (one) => <When at={one.started_at} /> },
  { title: "Model", field: null, cell: (one) => <Maybe value={one.request_model} /> },
  { title: "Sent to", field: "region", cell: (one) => <Maybe value={one.requested_region} /> },
  { title: "Ran in", field: "region", cell: (one) => <Maybe value={one.served_region} /> },
  {
    title: "Status",
    field: "status",
    cell: (one) => (one.http_status === null ? one.status : `${one.status} ${one.http_status}`),
  },
  { title: "Input tokens", field: "tokens", cell: (one) => <Maybe value={number(one.input_tokens)} /> },
  { title: "Output tokens", field: "tokens", cell: (one) => <Maybe value={number(one.output_tokens)} /> },
  { title: "Cache read", field: "tokens", cell: (one) => <Maybe value={number(one.cache_read_tokens)} /> },
  {
    title: "Cost",
    field: "cost",
    cell: (one) =>
      one.cost_usd === null ? (
        <Maybe value={null} />
      ) : (
        `${usd(one.cost_usd)} ${one.cost_is_reported ? "reported" : "by the price table"}`
      ),
  },
  { title: "Text", field: "redaction", cell: (one) => TEXTS[one.text] },
];

function Versions({
  versions,
  differing,
  onOpened,
}: {
  versions: SourceVersion[];
  differing: Set<Disagreement>;
  onOpened: (id: string) => void;
}) {
  return (
    <section aria-label="What each source recorded" tabIndex={0} className="overflow-x-auto">
      <table className="w-full text-left">
        <caption className="sr-only">What each source recorded of this call</caption>
        <thead>
          <tr className="align-top text-sm">
            <td />
            {versions.map((one) => (
              <th key={one.id} scope="col" className="min-w-32 pr-3 pb-1">
                {words(one.source)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LINES.map((line) => (
            <tr key={line.title} className="border-t border-line align-top">
              <th scope="row" className="py-1 pr-3 font-normal text-muted">
                <span className="flex flex-wrap items-center gap-1">
                  {line.title}
                  {line.field !== null && differing.has(line.field) && <Differs />}
                </span>
              </th>
              {versions.map((one) => (
                <td key={one.id} className="py-1 pr-3 break-words">
                  {line.cell(one)}
                </td>
              ))}
            </tr>
          ))}
          <tr className="border-t border-line align-top">
            <td />
            {versions.map((one) => (
              <td key={one.id} className="py-1 pr-3">
                {one.join !== "shown" && <Button onPress={() => onOpened(one.id)}>Open</Button>}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

// What reading a sample gave: shares of problems with their intervals, and how far two readers agree.

import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { Rows } from "@/components/table/Rows";
import { stratumName } from "@/features/trail/stratum";
import type { Agreed, Interval, Problems, SampleResults } from "@/lib/bindings";
import { count, counted, MISSING, visible } from "@/lib/format";
import { useAsk } from "@/lib/query";

const WORDS = ["fine", "problem", "unsure"] as const;

const percent = (share: Interval | null) =>
  share === null
    ? MISSING
    : `${(share.estimate * 100).toFixed(1)} % (${(share.low * 100).toFixed(1)} to ${(share.high * 100).toFixed(1)})`;

export function Results({ sample }: { sample: number }) {
  const asked = useAsk("trail.sample_results", { sample });
  return (
    <Answered asked={asked} what="the results">
      {(results) => (
        <>
          <Found results={results} />
          <Panel title="Agreement">
            {results.agreement === null ? (
              <p className="text-muted">
                Fewer than two readers read it, so nothing is known of how far they would agree.
              </p>
            ) : (
              <Agreement agreed={results.agreement} />
            )}
          </Panel>
          {results.problems.map((found) => (
            <ByStratum key={found.by} found={found} />
          ))}
        </>
      )}
    </Answered>
  );
}

function Found({ results }: { results: SampleResults }) {
  return (
    <Panel title="Results" flush>
      <Rows<Problems>
        label="Results by reader"
        rows={results.problems}
        rowKey={(found) => found.by}
        columns={[
          { id: "by", title: "By", cell: (found) => visible(found.by) },
          {
            id: "read",
            title: "Read",
            align: "right",
            cell: (found) => `${count(found.read)} of ${count(found.items)}`,
          },
          { id: "fine", title: "Fine", align: "right", cell: (found) => count(found.fine) },
          { id: "problem", title: "Problem", align: "right", cell: (found) => count(found.problem) },
          { id: "unsure", title: "Unsure", align: "right", cell: (found) => count(found.unsure) },
          {
            id: "of_read",
            title: "Problems of those read",
            cell: (found) => <span className="whitespace-nowrap">{percent(found.of_read)}</span>,
          },
          {
            id: "of_population",
            title: `Estimate for ${counted(results.sample.population, "call")}`,
            cell: (found) => (
              <>
                <span className="whitespace-nowrap">{percent(found.of_population)}</span>
                {found.not_covered > 0 && (
                  <span className="block text-sm">
                    says nothing of {count(found.not_covered)} calls in strata of which nothing was read
                  </span>
                )}
              </>
            ),
          },
        ]}
      />
      <p className="p-3 text-sm text-muted">{results.method}</p>
    </Panel>
  );
}

function Agreement({ agreed }: { agreed: Agreed }) {
  return (
    <div className="grid gap-3">
      <p className={agreed.is_too_few ? "chip-medium rounded-control p-3" : ""}>{agreed.says}</p>
      <p>
        Observed agreement {percent(agreed.observed)}, {count(agreed.agreed)} of {count(agreed.both_read)}.
      </p>
      <section className="overflow-x-auto" tabIndex={0} aria-label="Table of agreement">
        <table className="border-collapse">
          <caption className="pb-1 text-left text-sm text-muted">
            Down {visible(agreed.first)}, across {visible(agreed.second)}
          </caption>
          <thead>
            <tr>
              <td />
              {WORDS.map((word) => (
                <th key={word} scope="col" className="px-3 py-1 text-right text-sm text-muted">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {WORDS.map((word, row) => (
              <tr key={word}>
                <th scope="row" className="pr-3 text-left text-sm text-muted">
                  {word}
                </th>
                {WORDS.map((other, column) => (
                  <td
                    key={other}
                    className={`border border-line px-3 py-1 text-right ${row === column ? "font-semibold" : ""}`}
                  >
                    {count(agreed.table[row]?.[column] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {agreed.differ.length > 0 && (
        <p className="text-sm text-muted">They differ on the items {agreed.differ.join(", ")}.</p>
      )}
    </div>
  );
}

function ByStratum({ found }: { found: Problems }) {
  if (found.strata.length < 2) return null;
  return (
    <details className="rounded-control border border-line bg-surface p-3">
      <summary>Problems in each stratum, by {visible(found.by)}</summary>
      <Rows
        label={`Strata as ${visible(found.by)} judged them`}
        rows={found.strata}
        rowKey={(stratum) => JSON.stringify(stratum.values)}
        columns={[
          { id: "name", title: "Stratum", cell: (stratum) => stratumName(stratum.values) },
          { id: "of", title: "Calls", align: "right", cell: (stratum) => count(stratum.population) },
          { id: "read", title: "Read", align: "right", cell: (stratum) => count(stratum.read) },
          { id: "problem", title: "Problem", align: "right", cell: (stratum) => count(stratum.problem) },
          { id: "share", title: "Share", cell: (stratum) => percent(stratum.share) },
        ]}
      />
    </details>
  );
}

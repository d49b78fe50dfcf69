// What a rehearsal found: every call counted once, and what would be exposed by rule and by call.

import { Panel } from "@/components/Page";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { CallLinks } from "@/features/redaction/CallLinks";
import { typeName } from "@/features/redaction/entityTypes";
import { besideModel } from "@/features/redaction/namesModel";
import { RehearsalDetail } from "@/features/redaction/RehearsalDetail";
import { Tiles } from "@/features/redaction/Tiles";
import type { ExposedByRule, ExposedCall, Rehearsal, RehearsedPolicy } from "@/lib/bindings";
import { count, counted, duration, percent } from "@/lib/format";

/** Exposed calls that are listed on the screen. */
const LISTED = 50;

function policyName(policy: RehearsedPolicy): string {
  const note = policy.in_force ? ", in force" : policy.tried ? ", as edited" : "";
  return `${policy.name} ${policy.version}${note}${besideModel(policy.names_model)}`;
}

const RULES: readonly Column<ExposedByRule>[] = [
  { id: "rule", title: "Rule that caught it", cell: (row) => <code>{row.recognizer}</code> },
  { id: "type", title: "Entity type", cell: (row) => typeName(row.entity_type) },
  {
    id: "exposed",
    title: "Exposed",
    align: "right",
    cell: (row) => `${count(row.exposed)} of ${count(row.of)} · ${percent(row.exposed, row.of)}`,
  },
  { id: "calls", title: "Calls", align: "right", cell: (row) => count(row.calls) },
  { id: "why", title: "Why", cell: (row) => `${row.says.charAt(0).toUpperCase()}${row.says.slice(1)}.` },
  { id: "ids", title: "For example", cell: (row) => <CallLinks ids={row.ids} /> },
];

const CALLS: readonly Column<ExposedCall>[] = [
  { id: "call", title: "Call", cell: (row) => <CallLinks ids={[row.id]} /> },
  { id: "time", title: "Time (UTC)", cell: (row) => <When at={row.started_at} form="cell" /> },
  { id: "exposed", title: "Stretches", align: "right", cell: (row) => count(row.exposed) },
  { id: "rules", title: "Caught before by", cell: (row) => row.rules.join(", ") },
];

export function RehearsalResult({ of: found }: { of: Rehearsal }) {
  const shown = found.exposed_calls.slice(0, LISTED);
  return (
    <div className="grid gap-4">
      <Panel title={`${policyName(found.from)} → ${policyName(found.to)}`}>
        <div className="grid gap-3">
          <p>
            <TrailLink query={found.query}>{counted(found.matched, "call")}</TrailLink>{" "}
            {found.query !== "" && <code className="[overflow-wrap:anywhere]">{found.query}</code>} · each
            counted once · {counted(found.texts, "text")} with {counted(found.characters, "character")} ·{" "}
            {duration(found.elapsed_ms).replaceAll(" ", "\u00a0")} on this computer
          </p>
          <Tiles
            label={`Of ${counted(found.matched, "call")}`}
            of={found.matched}
            tiles={[
              {
                id: "exposed",
                title: "Newly exposed",
                value: found.newly_exposed,
                tone: "danger",
                about:
                  found.exposed_and_redacted > 0 &&
                  `in ${count(found.exposed_and_redacted)} something else is newly redacted`,
              },
              { id: "redacted", title: "Newly redacted", value: found.newly_redacted },
              { id: "otherwise", title: "Treated otherwise", value: found.treated_otherwise },
              { id: "unchanged", title: "Unchanged", value: found.unchanged },
              {
                id: "unknown",
                title: "Not evaluable",
                value: found.not_evaluable.calls,
                about:
                  found.not_evaluable.partly > 0 &&
                  `of ${count(found.not_evaluable.partly)} some text was compared, and did not change`,
              },
            ]}
          />
          {found.not_evaluable.reasons.length > 0 && (
            <ul aria-label="Why calls are not evaluable" className="list-disc pl-5 text-muted">
              {found.not_evaluable.reasons.map((lack) => (
                <li key={lack.reason}>
                  {counted(lack.calls, "call")}
                  {lack.besides > 0 && ` (and ${count(lack.besides)} that changed besides)`}:{" "}
                  {lack.says.charAt(0).toLowerCase()}
                  {lack.says.slice(1)}
                </li>
              ))}
            </ul>
          )}
        </div>
      </Panel>
      <Panel title="What would be exposed, by the rule that catches it now" flush>
        {found.exposed_by_rule.length === 0 ? (
          <p className="p-4 text-muted">
            Nothing that the old policy hides would show, in the text of {counted(found.texts, "field")} that
            was compared.
            {found.not_evaluable.in_part > 0 &&
              ` What becomes of the rest of ${counted(found.not_evaluable.in_part, "call")} is not known: they hold something that could not be looked through.`}
          </p>
        ) : (
          <Rows
            label="Exposed by rule"
            rows={found.exposed_by_rule}
            rowKey={(row) => `${row.recognizer} ${row.entity_type} ${row.because}`}
            columns={RULES}
          />
        )}
      </Panel>
      {shown.length > 0 && (
        <Panel
          title={`Exposed calls: ${count(shown.length)} of ${count(found.newly_exposed)}, the newest first`}
          flush
        >
          <Rows label="Exposed calls" rows={shown} rowKey={(row) => row.id} columns={CALLS} />
        </Panel>
      )}
      <RehearsalDetail of={found} />
    </div>
  );
}

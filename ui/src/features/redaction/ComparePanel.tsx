// What differs between two versions of policies: rule by rule, and line by line.

import { useState } from "react";
import { Select } from "@/components/form/Select";
import { Panel } from "@/components/Page";
import { RuleChanges } from "@/components/RuleChanges";
import { Answered } from "@/components/States";
import { policyTitle } from "@/features/redaction/policyState";
import type { ComparedPolicies, PolicyRow } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { useAsk } from "@/lib/query";
import { useDebounced } from "@/lib/useDebounced";

/** How long typing rests before the text is compared. */
const REST_MS = 250;

type Props = {
  policy: PolicyRow;
  /** Whatever it can be set against. */
  others: readonly PolicyRow[];
  /** The text as edited, where it is not the saved one. */
  edited: string | undefined;
};

export function ComparePanel({ policy, others, edited }: Props) {
  const [before, setBefore] = useState<string | null>(null);
  const choices = others.filter((other) => other.reference !== policy.reference || edited !== undefined);
  const from =
    choices.find((other) => other.reference === before) ??
    choices.find((other) => other.in_force) ??
    choices[0];
  if (from === undefined) return null;
  return (
    <Panel
      title="Compare"
      actions={
        <Select
          label="Before"
          labelHidden
          chosen={from.reference}
          onChosen={setBefore}
          options={choices.map((other) => ({ id: other.reference, title: `from ${policyTitle(other)}` }))}
        />
      }
    >
      <Compared from={from.reference} to={policy.reference} edited={edited} />
    </Panel>
  );
}

function Compared({ from, to, edited }: { from: string; to: string; edited: string | undefined }) {
  const text = useDebounced(edited, REST_MS);
  const asked = useAsk("redaction.compare", text === undefined ? { from, to } : { from, to_toml: text });
  return (
    <Answered asked={asked} what="the two policies">
      {(compared) => (
        <div className="grid gap-3">
          <p>
            From {compared.from} to {edited === undefined ? compared.to : "the text as edited"}:{" "}
            {compared.differences.length === 0
              ? "no rule differs."
              : `${counted(compared.differences.length, "rule differs", "rules differ")}.`}
          </p>
          {compared.differences.length > 0 && <RuleChanges rows={compared.differences} />}
          <Lines lines={compared.lines} />
        </div>
      )}
    </Answered>
  );
}

const SIGNS: Record<string, string> = { gone: "−", new: "+" };

function Lines({ lines }: { lines: ComparedPolicies["lines"] }) {
  const changed = lines
    .map((line, index) => ({ ...line, number: index + 1 }))
    .filter((line) => line.change !== "same");
  if (changed.length === 0) return null;
  return (
    <section
      aria-label="Lines that differ"
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-control border border-line"
    >
      <ol className="font-mono text-sm">
        {changed.map((line) => (
          <li
            key={line.number}
            className={`flex gap-2 px-3 ${line.change === "gone" ? "text-muted line-through" : "font-semibold"}`}
          >
            <span aria-hidden className="w-3 shrink-0">
              {SIGNS[line.change]}
            </span>
            <span className="sr-only">{line.change === "gone" ? "gone:" : "new:"}</span>
            <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{line.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

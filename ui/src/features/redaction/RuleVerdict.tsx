// What came of trying a rule: the problem at its place in the pattern, or what it finds in a text.

import { CircleCheck, OctagonX } from "lucide-react";
import { typeTitle } from "@/features/redaction/entityTypes";
import type { RuleProblem, RuleSegment, TriedRule } from "@/lib/bindings";
import { visible } from "@/lib/format";

export function RuleVerdict({ tried }: { tried: TriedRule }) {
  if (tried.problem) return <AtItsPlace problem={tried.problem} />;
  const failing = [...tried.examples, ...tried.negative_examples].filter((one) => !one.holds).length;
  const count = tried.examples.length + tried.negative_examples.length;
  return (
    <div className="grid gap-2">
      <p role="status" className={`flex items-center gap-1.5 ${failing > 0 ? "text-danger" : ""}`}>
        {failing > 0 ? (
          <OctagonX aria-hidden size={16} className="shrink-0" />
        ) : (
          <CircleCheck aria-hidden size={16} className="shrink-0 text-muted" />
        )}
        <span>
          {count === 0
            ? "It can be used. Give it examples to keep it to."
            : failing > 0
              ? `${failing} of ${count} examples don't hold: the policy isn't saved so.`
              : `Keeps to all ${count} of its examples.`}
        </span>
      </p>
      {tried.remarks.map((remark) => (
        <p key={remark} className="text-muted">
          {remark}
        </p>
      ))}
      <RuleText segments={tried.text} />
    </div>
  );
}

function AtItsPlace({ problem }: { problem: RuleProblem }) {
  return (
    <div role="alert" className="grid gap-1">
      <p className="flex items-center gap-1.5 text-danger">
        <OctagonX aria-hidden size={16} className="shrink-0" />
        <span>{problem.message}</span>
      </p>
      {problem.at !== "" && (
        <pre className="overflow-x-auto rounded-control bg-surface2 px-2 py-1 break-all whitespace-pre-wrap">
          {visible(problem.before)}
          <mark className="bg-transparent font-bold text-danger underline decoration-wavy">
            {visible(problem.at)}
          </mark>
          {visible(problem.after)}
        </pre>
      )}
      {problem.hint !== "" && <p className="text-muted">{problem.hint}</p>}
    </div>
  );
}

/** A text with what was found; what the rule itself found is marked as its own. */
export function RuleText({ segments }: { segments: readonly RuleSegment[] }) {
  return (
    <pre className="break-words whitespace-pre-wrap [unicode-bidi:isolate]" dir="auto">
      {segments.map((segment, index) =>
        segment.entity_type === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          <span key={index}>{visible(segment.text)}</span>
        ) : (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
            key={index}
            className={`entity wrap-anywhere ${segment.is_own ? "font-bold" : ""}`}
            data-category={segment.category ?? "custom"}
            title={`${typeTitle(segment.entity_type)}, found by ${segment.is_own ? "this rule" : segment.recognizer}`}
          >
            {visible(segment.text)}
            <span className="sr-only">
              {` (${typeTitle(segment.entity_type)}, found by ${segment.is_own ? "this rule" : segment.recognizer})`}
            </span>
          </span>
        ),
      )}
    </pre>
  );
}

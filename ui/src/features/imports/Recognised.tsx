// What can be imported, and where it comes from.

import { Panel } from "@/components/Page";

const FORMATS: readonly [string, string][] = [
  [
    "Amazon Bedrock model invocation log",
    "Objects of the S3 bucket, or an export of the log group. InvokeModel and Converse.",
  ],
  [
    "AWS CloudTrail records",
    "The trail's objects in S3: who called which model, and who changed which setting.",
  ],
  ["Anthropic Compliance activities", "The activity feed of the Compliance API, one activity a line."],
  ["LiteLLM logging payload", "What the gateway's callbacks write, for every provider behind it."],
  ["AuditedClient JSONL", "What an application that logs its own calls writes, one call a line."],
];

export function Recognised() {
  return (
    <Panel title="What is recognised">
      <ul className="grid gap-2">
        {FORMATS.map(([name, from]) => (
          <li key={name}>
            <strong className="font-semibold">{name}</strong> <span className="text-muted">{from}</span>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-muted">
        Plain, gzip or zstd, by content and not by name. A line of anything else is rejected with its reason,
        and the rest goes on.
      </p>
    </Panel>
  );
}

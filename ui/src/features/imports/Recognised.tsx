// What can be imported, and where it comes from.

import { Panel } from "@/components/Page";

const FORMATS: readonly [string, string][] = [
  [
    "Amazon Bedrock model invocation log",
    "Objects of the S3 bucket, or the log group: query results, events, exports as CSV or JSON.",
  ],
  [
    "AWS CloudTrail records",
    "The trail's objects in S3: who called which model, and who changed which setting.",
  ],
  ["Anthropic Compliance activities", "The activity feed of the Compliance API, one activity a line."],
  ["LiteLLM logging payload", "What the gateway's callbacks write, for every provider behind it."],
  ["AuditedClient JSONL", "What an application that logs its own calls writes, one call a line."],
  ["Vertex AI request-response log", "Rows of the BigQuery table, as JSON or CSV."],
  ["Google Cloud audit log", "Entries of a bucket, of gcloud logging read, or of BigQuery."],
  ["Anthropic Message Batches results", "The result file of a batch: answers, without request and time."],
  [
    "Anthropic usage and cost reports",
    "Answers of the Admin API: sums that are set beside the calls, never calls.",
  ],
  ["LiteLLM spend log", "Rows of the gateway's table of spend logs, as JSON or CSV."],
  [
    "Langfuse, Helicone, Portkey, Cloudflare AI Gateway",
    "Exports and answers of their APIs, as JSON or CSV.",
  ],
  ["OpenTelemetry", "OTLP JSON: spans of model calls and the events that hold their text."],
  ["Claude Code events", "OTLP JSON: its requests, refusals, failures and answers."],
  ["Claude Code session", "Lines that it and its Agent SDK keep of a session."],
  [
    "Claude Enterprise",
    "Chats and transcripts of sessions as the Compliance API answers them; prompts that inference hooks sent.",
  ],
  ["Kong AI Gateway", "What a logging plugin writes of requests to models."],
  [
    "HAR; cassettes of VCR, vcrpy, Betamax",
    "Recorded HTTP exchanges with the Claude API, Bedrock or Vertex AI, as JSON.",
  ],
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

// The essentials of data handling on a card: the strongest statement of each topic, and its mark.

import { Link } from "@tanstack/react-router";
import { MarkChip, NoteChip } from "@/components/Chip";
import { ServedRegions } from "@/components/Figures";
import { Ticked } from "@/components/text/Ticked";
import type { DeploymentSummary } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { type HandlingTopic, topicsOf } from "@/lib/handling";

const ESSENTIALS = ["retention", "training", "residency", "human_access", "keys"];

export function HandlingEssentials({ deployment }: { deployment: DeploymentSummary }) {
  const topics = topicsOf(deployment.handling);
  const by = (...marks: string[]) => topics.filter((topic) => marks.includes(topic.strongest.mark)).length;
  const seen = by("observed", "configured");
  const told = by("vendor_stated", "declared");
  return (
    <div className="grid gap-2 border-t border-line pt-3">
      {topics
        .filter((topic) => ESSENTIALS.includes(topic.topic))
        .map((topic) => (
          <Essential key={topic.topic} topic={topic} deployment={deployment} />
        ))}
      <p className="text-muted">
        <Link
          to="/deployments/$name"
          params={{ name: deployment.name }}
          search={{ tab: "handling" }}
          className="text-accent underline underline-offset-2"
        >
          {count(seen)} of {counted(topics.length, "topic")} observed or configured, {count(told)} stated or
          declared, {count(topics.length - seen - told)} unknown
        </Link>
      </p>
    </div>
  );
}

function Essential({ topic, deployment }: { topic: HandlingTopic; deployment: DeploymentSummary }) {
  const { strongest } = topic;
  return (
    <div className="grid grid-cols-[96px_1fr] gap-x-4">
      <span className="text-muted">{topic.title}</span>
      <div className="min-w-0">
        <div className="flex flex-wrap gap-1.5">
          <MarkChip mark={strongest.mark} />
          {strongest.review_due && <NoteChip tone="medium" word="Review due" />}
        </div>
        {topic.topic === "residency" && strongest.mark === "observed" ? (
          <ServedRegions of={deployment} />
        ) : (
          <p className="line-clamp-3" title={strongest.statement}>
            <Ticked text={strongest.statement} />
          </p>
        )}
      </div>
    </div>
  );
}

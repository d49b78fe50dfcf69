// What a finding rests on: each piece opens its calls, names some of them, or names the setting.

import { Link } from "@tanstack/react-router";
import { TrailLink } from "@/components/TrailLink";
import type { EvidenceRow, FindingRow } from "@/lib/bindings";
import { shortId } from "@/lib/format";

/** What a finding rests on where no call and no setting but activities tell it. */
const ACTIVITIES = "Activities: ";

export function EvidenceList({ finding }: { finding: FindingRow }) {
  if (finding.evidence.length === 0) {
    return (
      <p className="text-muted">
        {finding.verdict === "unknown"
          ? "Nothing that was imported or declared answers the question."
          : "No record is named by itself: the finding speaks of all that was looked at."}
      </p>
    );
  }
  return (
    <ul className="grid gap-3">
      {finding.evidence.map((evidence) => (
        <li key={`${evidence.what} ${evidence.query ?? evidence.setting ?? ""}`} className="grid gap-1">
          <Piece evidence={evidence} deployment={finding.deployment} />
        </li>
      ))}
    </ul>
  );
}

function Piece({ evidence, deployment }: { evidence: EvidenceRow; deployment: string }) {
  const { query, setting } = evidence;
  const activities = setting?.startsWith(ACTIVITIES) ? setting.slice(ACTIVITIES.length) : undefined;
  return (
    <>
      <div className="[overflow-wrap:anywhere]">
        {query === null ? evidence.what : <TrailLink query={query}>{evidence.what}</TrailLink>}
      </div>
      {query !== null && <code className="text-muted [overflow-wrap:anywhere]">{query}</code>}
      {activities !== undefined && (
        <p className="text-muted">
          <TrailLink query={activities} tab="activities">
            Show the activities
          </TrailLink>{" "}
          <code className="[overflow-wrap:anywhere]">{activities}</code>
        </p>
      )}
      {evidence.setting !== null && activities === undefined && (
        <p className="text-muted [overflow-wrap:anywhere]">
          Setting: {evidence.setting}.{" "}
          <Link
            to="/deployments/$name"
            params={{ name: deployment }}
            search={{ tab: "settings" }}
            className="text-accent underline underline-offset-2"
          >
            Show the collected settings
          </Link>
        </p>
      )}
      {evidence.call_ids.length > 0 && (
        <p className="flex flex-wrap gap-x-3 text-muted">
          <span>For example</span>
          {evidence.call_ids.map((id) => (
            <Link
              key={id}
              to="/trail"
              search={{ q: query ?? `id:${id}`, rec: id }}
              title={`Opens the call ${id}`}
              className="text-accent underline underline-offset-2"
            >
              <code>{shortId(id)}</code>
            </Link>
          ))}
        </p>
      )}
    </>
  );
}

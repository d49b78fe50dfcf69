// What became of asking a second person for a deed, in one line, and where to look.

import { Link } from "@tanstack/react-router";
import { ApprovalChip } from "@/components/Chip";
import { When } from "@/components/text/When";
import type { ApprovalRow } from "@/lib/bindings";

const SAYS: Record<ApprovalRow["state"], string> = {
  waiting: "A second person has not answered yet.",
  approved: "It can be done once.",
  refused: "It can be asked for again.",
  used: "It was done with this approval. Doing it again needs another one.",
  expired: "Nobody answered in time. It can be asked for again.",
  void: "The approval does not hold any more. It can be asked for again.",
};

export function ApprovalNote({ request }: { request: ApprovalRow | null }) {
  if (request === null) {
    return (
      <p className="text-muted">A second person has to approve exactly this first. Nobody was asked yet.</p>
    );
  }
  const by = request.decision?.by.name;
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <ApprovalChip state={request.state} />
      <span>
        {by && request.state !== "waiting" ? `${by}: “${request.decision?.reason}”. ` : ""}
        {SAYS[request.state]} Good until <When at={request.until} />.{" "}
        <Link
          to="/approvals"
          search={{ id: request.id }}
          className="text-accent underline underline-offset-2"
        >
          Open the request
        </Link>
      </span>
    </p>
  );
}

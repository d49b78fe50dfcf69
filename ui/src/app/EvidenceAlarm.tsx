// What no screen may be read without: a store of which the evidence does not stand. Silent while it does.

import { Link } from "@tanstack/react-router";
import { OctagonAlert } from "lucide-react";
import { Ticked } from "@/components/text/Ticked";
import { useAsk } from "@/lib/query";

const ALARMING: ReadonlySet<string> = new Set(["rolled_back", "damaged"]);

export function EvidenceAlarm() {
  const { data } = useAsk("evidence.status", {});
  if (!data || !ALARMING.has(data.state)) return null;
  return (
    <div
      role="alert"
      className="chip-critical flex shrink-0 items-start gap-2 border-b border-danger px-4 py-1.5"
    >
      <OctagonAlert aria-hidden size={16} className="mt-0.5 shrink-0" />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <Ticked text={data.sentences[0] ?? ""} />
      </p>
      <Link to="/evidence" className="shrink-0 font-semibold underline underline-offset-2">
        Open the evidence
      </Link>
    </div>
  );
}

// The evidence tree's size and root, and what they do not prove.

import { Link } from "@tanstack/react-router";
import { StandingChip } from "@/components/Chip";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import type { Overview } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { useAsk } from "@/lib/query";
import { anchoredTo, signedTo } from "@/lib/standing";

export function IntegrityPanel({ overview }: { overview: Overview }) {
  const status = useAsk("evidence.status", {});
  return (
    <Panel title="Integrity">
      <div className="grid gap-2">
        <Facts
          facts={[
            { name: "Evidence tree", value: counted(overview.tree_size, "leaf", "leaves") },
            { name: "Root begins", value: <code>{overview.root}</code> },
            {
              name: "Standing",
              value: status.data ? <StandingChip state={status.data.state} /> : "…",
            },
            { name: "Signature", value: status.data ? signedTo(status.data) : "…" },
            { name: "Anchor", value: status.data ? anchoredTo(status.data) : "…" },
          ]}
        />
        <p className="text-muted">
          Against a checkpoint that was handed over earlier, the tree shows whether records were changed or
          removed. It doesn't prove that a source told the truth or told everything.{" "}
          <Link to="/evidence" className="text-accent underline underline-offset-2">
            What it proves
          </Link>
        </p>
      </div>
    </Panel>
  );
}

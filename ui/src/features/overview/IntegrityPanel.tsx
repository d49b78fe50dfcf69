// The evidence tree's size and root, and what they do not prove.

import { Link } from "@tanstack/react-router";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import type { Overview } from "@/lib/bindings";
import { count } from "@/lib/format";

export function IntegrityPanel({ overview }: { overview: Overview }) {
  return (
    <Panel title="Integrity">
      <div className="grid gap-2">
        <Facts
          facts={[
            { name: "Evidence tree", value: `${count(overview.tree_size)} leaves` },
            { name: "Root begins", value: <code>{overview.root}</code> },
            { name: "Signature", value: "Not signed in this version" },
          ]}
        />
        <p className="text-muted">
          Against a root that was noted earlier, the tree shows whether records were changed or removed. It
          doesn't prove who noted the root or when, or that a source told the truth or told everything.{" "}
          <Link to="/evidence" className="text-accent underline underline-offset-2">
            What it proves
          </Link>
        </p>
      </div>
    </Panel>
  );
}

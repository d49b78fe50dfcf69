// The evidence tree: its size and root, and what they prove and don't.

import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Id } from "@/components/text/Id";
import type { EvidenceStatus } from "@/lib/bindings";
import { count } from "@/lib/format";

export function TreePanel({ status }: { status: EvidenceStatus }) {
  return (
    <Panel title="Evidence tree">
      <div className="grid gap-3">
        <Facts
          facts={[
            { name: "Leaves", value: count(status.size) },
            { name: "Root", value: <Id id={status.root} label="the root" /> },
            { name: "Signature", value: "Not signed in this version" },
          ]}
        />
        <div>
          <h3>What a pack proves</h3>
          <Sentences of={status.proves} />
        </div>
        <div>
          <h3>What it doesn't prove</h3>
          <Sentences of={status.does_not_prove} />
        </div>
      </div>
    </Panel>
  );
}

function Sentences({ of }: { of: readonly string[] }) {
  return (
    <ul className="grid list-disc gap-1 pt-1 pl-5">
      {of.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

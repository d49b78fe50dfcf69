// The evidence tree: its size and root, what they prove and don't; writing and checking packs.

import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { Id } from "@/components/text/Id";
import { VerifyPanel } from "@/features/settings/VerifyPanel";
import { WritePackPanel } from "@/features/settings/WritePackPanel";
import type { EvidenceStatus } from "@/lib/bindings";
import { count } from "@/lib/format";
import { useAsk } from "@/lib/query";

export function EvidenceTab() {
  const status = useAsk("evidence.status", {});
  return (
    <Answered asked={status} what="the evidence tree">
      {(data) => (
        <div className="grid gap-4 min-[1100px]:grid-cols-2">
          <div className="grid content-start gap-4">
            <Panel title="Evidence tree">
              <Tree status={data} />
            </Panel>
          </div>
          <div className="grid content-start gap-4">
            <WritePackPanel />
            <VerifyPanel />
          </div>
        </div>
      )}
    </Answered>
  );
}

function Tree({ status }: { status: EvidenceStatus }) {
  return (
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

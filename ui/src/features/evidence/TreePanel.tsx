// How the evidence tree stands: its size and root, how far it is signed and anchored, and what that
// proves and doesn't.

import { Button } from "@/components/Button";
import { StandingChip } from "@/components/Chip";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Sentences } from "@/components/Sentences";
import { Problem } from "@/components/States";
import { Id } from "@/components/text/Id";
import { When } from "@/components/text/When";
import type { EvidenceStatus } from "@/lib/bindings";
import { count } from "@/lib/format";
import { useDo } from "@/lib/query";
import { anchoredTo, signedTo } from "@/lib/standing";
import { say } from "@/lib/toasts";

export function TreePanel({ status }: { status: EvidenceStatus }) {
  const sign = useDo("evidence.checkpoint");
  return (
    <Panel
      title="Evidence tree"
      actions={
        <Button
          isDisabled={sign.isPending || status.state === "rolled_back" || status.state === "damaged"}
          onPress={() => sign.mutate({}, { onSuccess: (made) => say(`Signed to #${count(made.size)}.`) })}
        >
          Sign now
        </Button>
      }
    >
      <div className="grid gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <StandingChip state={status.state} />
          {status.signed_to !== null && <span>{signedTo(status)}</span>}
        </div>
        {sign.error && <Problem error={sign.error} what="sign the tree" />}
        <Facts
          facts={[
            { name: "Leaves", value: count(status.size) },
            { name: "Root", value: <Id id={status.root} label="the root" /> },
            {
              name: "Last signed",
              value: status.signed_to ? <When at={status.signed_to.at} /> : "Never",
            },
            {
              name: "Anchor",
              value: status.anchored_to ? (
                <>
                  {anchoredTo(status)}, <When at={status.anchored_to.at} />
                </>
              ) : (
                "Not anchored: nobody outside this computer vouches for it"
              ),
            },
          ]}
        />
        <Sentences of={status.sentences} />
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

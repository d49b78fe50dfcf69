// A store that is older than what was signed, or another one: what is missing, and going on with it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { TextField } from "@/components/form/TextField";
import { Panel } from "@/components/Page";
import type { ShownRollback } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

export function RollbackPanel({ rollback, size }: { rollback: ShownRollback; size: number }) {
  const [typed, setTyped] = useState("");
  const accept = useDo("evidence.accept_restore");
  return (
    <Panel title="This store was rolled back">
      <div className="grid gap-3">
        <p>
          A later state of it was signed on this computer. A restored backup looks like this, and so does
          somebody who removed records. Nothing is added until a person decides; reading goes on.
        </p>
        <Facts
          facts={[
            { name: "Signed before", value: `#${count(rollback.remembered_size)}` },
            { name: "Here now", value: `#${count(size)}` },
            { name: "Not there any more", value: counted(rollback.lost, "record") },
            { name: "Log that was signed", value: <code>{rollback.remembered_origin}</code> },
          ]}
        />
        <TextField
          label={`To go on with the store as it is, type ${rollback.phrase}`}
          mono
          value={typed}
          onChange={setTyped}
          help="The trail then says who accepted it, when, and both checkpoints. Import the missing logs again afterwards."
          error={accept.error?.message}
        />
        <div>
          <Button
            tone="danger"
            isDisabled={typed !== rollback.phrase || accept.isPending}
            onPress={() =>
              accept.mutate(
                { phrase: typed },
                { onSuccess: () => say("The store goes on as it is; the trail says so.") },
              )
            }
          >
            Accept the store as it is
          </Button>
        </div>
      </div>
    </Panel>
  );
}

// What an erasure did, what waits, and what the same search finds afterwards.

import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Dialog } from "@/components/overlay/Dialog";
import { Sentences } from "@/components/Sentences";
import { When } from "@/components/text/When";
import type { Erased } from "@/lib/bindings";
import { count, counted } from "@/lib/format";

type Props = { done: Erased; onClosed: () => void };

export function ErasedResult({ done, onClosed }: Props) {
  const { erasure } = done;
  return (
    <Dialog
      title={erasure ? `${counted(erasure.records, "record")} erased` : "Nothing was erased"}
      isOpen
      onClosed={onClosed}
      actions={
        <Button tone="primary" autoFocus onPress={onClosed}>
          Close
        </Button>
      }
    >
      <Sentences of={done.says} />
      {erasure && (
        <Facts
          facts={[
            { name: "Named in leaf", value: `#${count(erasure.leaf)}` },
            {
              name: "Ended in leaf",
              value:
                erasure.done_leaf === null ? (
                  "Not ended"
                ) : (
                  <>
                    #{count(erasure.done_leaf)}, <When at={erasure.done_at} />
                  </>
                ),
            },
          ]}
        />
      )}
      {done.left && (
        <section aria-label="The same search now" className="grid gap-1">
          <h3>The same search now finds</h3>
          <Facts facts={done.left.map((row) => ({ name: row.what, value: count(row.count) }))} />
        </section>
      )}
    </Dialog>
  );
}

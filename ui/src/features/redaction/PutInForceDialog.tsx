// Puts a policy in force, once somebody has read what that changes.

import { useState } from "react";
import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { Dialog } from "@/components/overlay/Dialog";
import { useApproval } from "@/lib/approving";
import type { PolicyRow } from "@/lib/bindings";
import { useAsk, useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

/** No deployment has this name. */
const EVERYWHERE = " ";

type Props = { policy: PolicyRow; before: PolicyRow | undefined; onClosed: () => void };

export function PutInForceDialog({ policy, before, onClosed }: Props) {
  const put = useDo("redaction.put_in_force");
  const deployments = useAsk("deployments.list", {});
  const [place, setPlace] = useState(EVERYWHERE);
  const input = { name: policy.reference, ...(place !== EVERYWHERE && { deployment: place }) };
  const approval = useApproval("redaction.put_in_force", input);
  const error = put.error ?? approval.error;
  return (
    <Dialog
      title={`Put policy ${policy.reference} in force?`}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed} autoFocus>
            Leave it as it is
          </Button>
          {approval.isNeeded && !approval.isFree ? (
            <Button tone="primary" isDisabled={!approval.canAsk || approval.isAsking} onPress={approval.ask}>
              {approval.canAsk ? "Ask for approval" : "Asked for approval"}
            </Button>
          ) : (
            <Button
              tone="primary"
              isDisabled={put.isPending}
              onPress={() =>
                put.mutate(input, {
                  onSuccess: (row) => {
                    say(
                      place === EVERYWHERE
                        ? `Policy ${row.reference} is in force.`
                        : `Policy ${row.reference} is in force for ${place}.`,
                    );
                    onClosed();
                  },
                })
              }
            >
              Put in force
            </Button>
          )}
        </>
      }
    >
      <Select
        label="Where"
        chosen={place}
        onChosen={setPlace}
        options={[
          {
            id: EVERYWHERE,
            title: "By default",
            about: "Everywhere that no other is in force, and for what belongs to no deployment",
          },
          ...(deployments.data ?? []).map((one) => ({ id: one.name, title: `Only for ${one.name}` })),
        ]}
      />
      <ul className="grid list-disc gap-1 pl-5">
        <li>
          From now on every screen, report and comparison masks records
          {place === EVERYWHERE ? "" : ` of ${place}`} by this policy.
        </li>
        <li>
          How many calls hold personal data was counted by the policy before. Run the checks again to search
          the calls by this one.
        </li>
        <li>Records themselves are not changed, and replays keep the policy that they choose.</li>
        <li>
          Your name and the time go into the trail
          {before ? `; putting ${before.reference} in force again is a further entry.` : "."}
        </li>
      </ul>
      {approval.isNeeded && <ApprovalNote request={approval.request} />}
      {error && (
        <p role="alert" className="text-danger">
          {error.message}
          {error.hint && ` · ${error.hint}`}
        </p>
      )}
    </Dialog>
  );
}

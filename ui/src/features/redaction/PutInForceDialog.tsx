// Puts a policy in force, once somebody has read what that changes.

import { ApprovalNote } from "@/components/ApprovalNote";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { useApproval } from "@/lib/approving";
import type { PolicyRow } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { policy: PolicyRow; before: PolicyRow | undefined; onClosed: () => void };

export function PutInForceDialog({ policy, before, onClosed }: Props) {
  const put = useDo("redaction.put_in_force");
  const approval = useApproval("redaction.put_in_force", { name: policy.reference });
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
                put.mutate(
                  { name: policy.reference },
                  {
                    onSuccess: (row) => {
                      say(`Policy ${row.reference} is in force.`);
                      onClosed();
                    },
                  },
                )
              }
            >
              Put in force
            </Button>
          )}
        </>
      }
    >
      <ul className="grid list-disc gap-1 pl-5">
        <li>From now on every screen, report and comparison masks records by this policy.</li>
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

// Asks before something is removed, and says what stays.

import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import type { WireError } from "@/lib/bindings";

type Props = {
  /** The question. */
  title: string;
  /** What the button says that removes it. */
  action: string;
  removing: { isPending: boolean; error: WireError | null };
  onRemoved: () => void;
  onClosed: () => void;
  children: ReactNode;
};

export function RemoveDialog({ title, action, removing, onRemoved, onClosed, children }: Props) {
  return (
    <Dialog
      title={title}
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button autoFocus onPress={onClosed}>
            Keep it
          </Button>
          <Button tone="danger" isDisabled={removing.isPending} onPress={onRemoved}>
            {action}
          </Button>
        </>
      }
    >
      <p>{children}</p>
      <Refusal error={removing.error} />
    </Dialog>
  );
}

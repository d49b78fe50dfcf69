// Setting how long text is kept. Nothing is erased by it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = { days: number | null; onClosed: () => void };

const MOST = 36_500;

export function RuleDialog({ days, onClosed }: Props) {
  const [typed, setTyped] = useState(days === null ? "" : String(days));
  const set = useDo("retention.set_rule");
  const wanted = /^\d{1,5}$/.test(typed.trim()) ? Number(typed.trim()) : 0;
  const isRight = wanted >= 1 && wanted <= MOST;
  return (
    <Dialog
      title="How long is text kept?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button
            tone="primary"
            isDisabled={!isRight || set.isPending}
            onPress={() =>
              set.mutate(
                { days: wanted },
                {
                  onSuccess: () => {
                    say("The rule is set. Nothing was erased by that.");
                    onClosed();
                  },
                },
              )
            }
          >
            Set the rule
          </Button>
        </>
      }
    >
      <TextField
        label="Whole days after the day of the record, UTC"
        autoFocus
        value={typed}
        onChange={setTyped}
        help="1 to 36,500. It is for imported calls and activities; what this program did itself is kept."
        error={typed !== "" && !isRight ? "A whole number from 1 to 36,500." : undefined}
      />
      <p className="text-muted">
        The trail says who set it. What becomes due is shown here; somebody has to dispose of it.
      </p>
      {set.error && <Problem error={set.error} what="set the rule" />}
    </Dialog>
  );
}

// Setting a hold: a name, which records, who asked for it, and when to look at it again.

import { useState } from "react";
import { Button } from "@/components/Button";
import { DateField } from "@/components/form/DateField";
import { RadioChoice } from "@/components/form/RadioChoice";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { count, counted } from "@/lib/format";
import { useAsk, useDo } from "@/lib/query";
import { say } from "@/lib/toasts";
import { useDebounced } from "@/lib/useDebounced";

const LEAST = 10;

export function HoldDialog({ onClosed }: { onClosed: () => void }) {
  const [name, setName] = useState("");
  const [records, setRecords] = useState("calls");
  const [query, setQuery] = useState("");
  const [reason, setReason] = useState("");
  const [review, setReview] = useState<string | null>(null);
  const settled = useDebounced(query.trim(), 300);
  const matching = useAsk(records === "calls" ? "trail.count" : "trail.activity_count", { query: settled });
  const set = useDo("retention.set_hold");
  const isEnough = name.trim() !== "" && reason.trim().length >= LEAST && !matching.error;
  const submit = () =>
    set.mutate(
      { name, records, query, reason, ...(review === null ? {} : { review }) },
      {
        onSuccess: (hold) => {
          say(`The hold ${hold.name} covers ${counted(hold.held, "record")}, and what comes later.`);
          onClosed();
        },
      },
    );
  return (
    <Dialog
      title="Set a legal hold?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button tone="primary" isDisabled={!isEnough || set.isPending} onPress={submit}>
            Set the hold
          </Button>
        </>
      }
    >
      <TextField label="Name" autoFocus value={name} onChange={setName} help="The case or the file." />
      <RadioChoice
        label="Records"
        direction="across"
        chosen={records}
        onChosen={setRecords}
        options={[
          { id: "calls", title: "Calls" },
          { id: "activities", title: "Activities" },
        ]}
      />
      <TextField
        label="Query"
        mono
        value={query}
        onChange={setQuery}
        help={
          matching.data
            ? `${count(matching.data.matching)} of ${counted(matching.data.stored, "record")} match now. All records of a call are held together, also those that come later.`
            : "In the language of the trail; nothing for all."
        }
        error={matching.error?.message}
      />
      <TextField
        label="Reason"
        lines={2}
        value={reason}
        onChange={setReason}
        help={`Who asked for it and for what; at least ${LEAST} characters.`}
      />
      <DateField
        label="Look at it again on"
        day={review}
        onChanged={setReview}
        help="A hold doesn't end by itself."
      />
      {set.error && <Problem error={set.error} what="set the hold" />}
    </Dialog>
  );
}

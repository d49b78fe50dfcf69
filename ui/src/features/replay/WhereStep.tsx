// Where the calls are sent: the sandbox, or a backend that somebody wrote down.

import { useState } from "react";
import { Button } from "@/components/Button";
import { RadioChoice } from "@/components/form/RadioChoice";
import { Answered } from "@/components/States";
import { BackendDialog } from "@/features/replay/BackendDialog";
import { BackendKeyDialog } from "@/features/replay/BackendKeyDialog";
import { BackendLine } from "@/features/replay/BackendLine";
import { SANDBOX } from "@/features/replay/choices";
import { RemoveBackendDialog } from "@/features/replay/RemoveBackendDialog";
import { Step } from "@/features/replay/Step";
import { useAsk } from "@/lib/query";

type Props = { chosen: string; onChosen: (backend: string) => void };
type Open = "nothing" | "add" | "edit" | "key" | "remove";

export function WhereStep({ chosen, onChosen }: Props) {
  const asked = useAsk("replay.backends", {});
  const [open, setOpen] = useState<Open>("nothing");
  const backend = asked.data?.find((other) => other.name === chosen);
  const isOwn = backend !== undefined && !backend.builtin;
  const close = () => setOpen("nothing");
  return (
    <Step number={2} title="Where" actions={<Button onPress={() => setOpen("add")}>Add backend…</Button>}>
      <Answered asked={asked} what="the backends">
        {(backends) => (
          <RadioChoice
            label="Backend"
            labelHidden
            chosen={chosen}
            onChosen={onChosen}
            options={backends.map((other) => ({
              id: other.name,
              title: <span className="font-semibold">{other.name}</span>,
              about: <BackendLine backend={other} />,
            }))}
          />
        )}
      </Answered>
      {isOwn && (
        <div className="flex flex-wrap gap-2">
          <Button onPress={() => setOpen("edit")}>Edit {backend.name}…</Button>
          {backend.auth !== "none" && <Button onPress={() => setOpen("key")}>Set key…</Button>}
          <Button onPress={() => setOpen("remove")}>Remove…</Button>
        </div>
      )}
      {(open === "add" || (open === "edit" && isOwn)) && (
        <BackendDialog
          backend={open === "edit" ? backend : undefined}
          onClosed={close}
          onSaved={(saved) => {
            close();
            onChosen(saved.name);
          }}
        />
      )}
      {open === "key" && isOwn && <BackendKeyDialog backend={backend} onClosed={close} />}
      {open === "remove" && isOwn && (
        <RemoveBackendDialog
          backend={backend}
          onClosed={close}
          onRemoved={() => {
            close();
            onChosen(SANDBOX);
          }}
        />
      )}
    </Step>
  );
}

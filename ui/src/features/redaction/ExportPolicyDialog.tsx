// A version of a policy as a file: its own text, or as another tool reads it with what can't be said there.

import { useState } from "react";
import { Button } from "@/components/Button";
import { RadioChoice } from "@/components/form/RadioChoice";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Answered } from "@/components/States";
import { FORMS } from "@/features/redaction/forms";
import { LossList } from "@/features/redaction/LossList";
import { useWritten } from "@/lib/approving";
import type { PolicyRow } from "@/lib/bindings";
import { host } from "@/lib/host";
import { useAsk, useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

/** The policy as this program reads it. */
const OWN = "own";

type Props = { policy: PolicyRow; onClosed: () => void };

export function ExportPolicyDialog({ policy, onClosed }: Props) {
  const [form, setForm] = useState("presidio");
  const isOwn = form === OWN;
  const asked = useAsk(
    "redaction.export_policy",
    { name: policy.reference, form: isOwn ? "presidio" : form },
    { enabled: !isOwn },
  );
  const write = useDo("redaction.write_policy");
  const out = useWritten();
  const name = isOwn ? `${policy.reference.replace("@", "-")}.toml` : asked.data?.file_name;
  const text = isOwn ? policy.toml : asked.data?.text;
  const save = async (fileName: string) => {
    const place = await host().pickSave(fileName);
    if (place === null) return;
    write.mutate(
      {
        name: policy.reference,
        ...(!isOwn && { form }),
        ...(place.handle !== undefined && { handle: place.handle }),
      },
      { onSuccess: out.show, onError: sayProblem },
    );
  };
  return (
    <Dialog
      title={`Export ${policy.reference}`}
      isOpen
      width="wide"
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Close</Button>
          <Button
            isDisabled={text === undefined}
            onPress={() => {
              void navigator.clipboard.writeText(text ?? "").then(
                () => say(`Copied; keep it as ${name ?? "a file"}.`),
                () => say("The clipboard can’t be written here; select the text instead."),
              );
            }}
          >
            Copy
          </Button>
          <Button
            tone="primary"
            isDisabled={name === undefined || write.isPending}
            onPress={() => void save(name ?? "").catch(sayProblem)}
          >
            Save to a file…
          </Button>
        </>
      }
    >
      <RadioChoice
        label="For"
        options={[...FORMS, { id: OWN, title: "Assay", about: "The policy's own text, TOML" }]}
        chosen={form}
        onChosen={setForm}
      />
      {isOwn ? (
        <File name={name ?? ""} text={policy.toml} />
      ) : (
        <Answered asked={asked} what="the file">
          {(exported) => (
            <>
              <LossList losses={exported.losses} />
              <File name={exported.file_name} text={exported.text} />
            </>
          )}
        </Answered>
      )}
      {out.written && (
        <p role="status">
          Written to <code className="wrap-anywhere">{out.written.path}</code>. The trail says so.
        </p>
      )}
    </Dialog>
  );
}

function File({ name, text }: { name: string; text: string }) {
  return <TextField label={name} lines={10} mono value={text} onChange={() => undefined} isReadOnly />;
}

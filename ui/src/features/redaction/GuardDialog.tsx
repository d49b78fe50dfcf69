// Adds or changes a guard. Its key is set apart; nothing is sent by saving it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import { GUARD_AUTHS, KINDS } from "@/features/redaction/guards";
import type { GuardKind, GuardRow, SaveGuard } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

const BLANK = {
  name: "",
  kind: "presidio" as GuardKind,
  base_url: "http://127.0.0.1:5002",
  auth: "none",
  region: "",
  guardrail: "",
  version: "",
  language: "en",
  text_field: "",
  claims: "",
  per_second: "",
  private: false,
  as_output: false,
};

function formOf(guard: GuardRow): typeof BLANK {
  return {
    ...guard,
    region: guard.region ?? "",
    guardrail: guard.guardrail ?? "",
    version: guard.version ?? "",
    language: guard.language ?? "",
    text_field: guard.text_field ?? "",
    claims: guard.claims.join(", "),
    per_second: guard.per_second === null ? "" : String(guard.per_second),
  };
}

type Props = { guard: GuardRow | undefined; onClosed: () => void };

export function GuardDialog({ guard, onClosed }: Props) {
  const [form, setForm] = useState(guard ? formOf(guard) : BLANK);
  const save = useDo("redaction.save_guard");
  const set = (change: Partial<typeof BLANK>) => setForm((kept) => ({ ...kept, ...change }));
  const submit = () => {
    const { name, kind, base_url, auth, as_output } = form;
    const input: SaveGuard = { name, kind, base_url, auth, private: form.private };
    if (kind === "bedrock") {
      input.region = form.region;
      input.guardrail = form.guardrail;
      input.version = form.version;
      input.as_output = as_output;
    }
    if (kind === "presidio") input.language = form.language;
    if (kind === "private") input.text_field = form.text_field;
    input.claims = form.claims.split(",").filter((claim) => claim.trim() !== "");
    if (form.per_second !== "") input.per_second = Number(form.per_second);
    save.mutate(input, {
      onSuccess: (saved) => {
        say(`Saved guard ${saved.name}. Nothing was sent.`);
        onClosed();
      },
    });
  };
  return (
    <Dialog
      title={guard ? `Edit guard ${guard.name}` : "Add a guard"}
      isOpen
      onClosed={onClosed}
      width="wide"
      actions={
        <>
          <Button onPress={onClosed}>Close without saving</Button>
          <Button tone="primary" isDisabled={form.name === "" || save.isPending} onPress={submit}>
            Save guard
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField
          label="Name"
          value={form.name}
          onChange={(name) => set({ name })}
          isDisabled={guard !== undefined}
          autoFocus={guard === undefined}
          help="Letters, digits, -, _ and ."
        />
        <Select
          label="Kind"
          chosen={form.kind}
          onChosen={(id) => set({ kind: KINDS.find((kind) => kind.id === id)?.id ?? "private" })}
          options={KINDS}
        />
        <TextField
          label="Address"
          mono
          value={form.base_url}
          onChange={(base_url) => set({ base_url })}
          help="https, or http on this computer. Nothing else is ever sent to."
        />
        <Select
          label="Authentication"
          chosen={form.auth}
          onChosen={(auth) => set({ auth })}
          options={GUARD_AUTHS}
        />
        {form.kind === "bedrock" && (
          <>
            <TextField label="AWS Region" mono value={form.region} onChange={(region) => set({ region })} />
            <TextField
              label="Guardrail"
              mono
              value={form.guardrail}
              onChange={(guardrail) => set({ guardrail })}
              help="Its id or ARN"
            />
            <TextField
              label="Version"
              mono
              value={form.version}
              onChange={(version) => set({ version })}
              help="DRAFT or a number"
            />
            <div className="pt-6">
              <Checkbox
                label="Judge texts as a model's answer"
                isSelected={form.as_output}
                onChange={(as_output) => set({ as_output })}
              />
            </div>
          </>
        )}
        {form.kind === "presidio" && (
          <TextField
            label="Language"
            mono
            value={form.language}
            onChange={(language) => set({ language })}
            help="The language that it is told of every text"
          />
        )}
        {form.kind === "private" && (
          <TextField
            label="Field of the text"
            mono
            value={form.text_field}
            onChange={(text_field) => set({ text_field })}
            placeholder="text"
            help="The field of the request that holds the text"
          />
        )}
        <TextField
          label="Types that it claims to find"
          mono
          value={form.claims}
          onChange={(claims) => set({ claims })}
          help="By its own names, commas between them. Empty: it is asked, or it is not known."
        />
        <TextField
          label="Texts in a second at most"
          value={form.per_second}
          onChange={(per_second) => set({ per_second })}
          help="Empty: as fast as it answers"
        />
        <div className="pt-6">
          <Checkbox
            label="Its address may be private"
            isSelected={form.private}
            onChange={(isPrivate) => set({ private: isPrivate })}
          />
        </div>
      </div>
      <Refusal error={save.error} />
    </Dialog>
  );
}

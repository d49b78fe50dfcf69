// Adds or changes a backend. Its key is set apart.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { kindTitle } from "@/components/KindMark";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import { AUTHS, DIALECTS } from "@/features/replay/backends";
import type { BackendRow, Kind, SaveBackend } from "@/lib/bindings";
import { useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

const KINDS: readonly Kind[] = ["claude_api", "bedrock", "vertex", "private"];

const BLANK = {
  name: "",
  kind: "claude_api" as Kind,
  dialect: "anthropic",
  base_url: "https://",
  place: "",
  auth: "x_api_key",
  model: "",
  private: false,
};

type Props = {
  /** The one to change; a new one where absent. */
  backend: BackendRow | undefined;
  onClosed: () => void;
  onSaved: (backend: BackendRow) => void;
};

export function BackendDialog({ backend, onClosed, onSaved }: Props) {
  const [form, setForm] = useState(
    backend ? { ...backend, place: backend.place ?? "", model: backend.model ?? "" } : BLANK,
  );
  const save = useDo("replay.save_backend");
  const set = (change: Partial<typeof BLANK>) => setForm((kept) => ({ ...kept, ...change }));
  const submit = () => {
    const { name, kind, dialect, base_url, place, auth, model } = form;
    const input: SaveBackend = { name, kind, dialect, base_url, auth, private: form.private };
    if (place !== "") input.place = place;
    if (model !== "") input.model = model;
    save.mutate(input, {
      onSuccess: (saved) => {
        say(`Saved backend ${saved.name}. Nothing was sent.`);
        onSaved(saved);
      },
    });
  };
  return (
    <Dialog
      title={backend ? `Edit backend ${backend.name}` : "Add a backend"}
      isOpen
      onClosed={onClosed}
      width="wide"
      actions={
        <>
          <Button onPress={onClosed}>Close without saving</Button>
          <Button tone="primary" isDisabled={form.name === "" || save.isPending} onPress={submit}>
            Save backend
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField
          label="Name"
          value={form.name}
          onChange={(name) => set({ name })}
          isDisabled={backend !== undefined}
          autoFocus={backend === undefined}
          help="Letters, digits, -, _ and ."
        />
        <Select
          label="Kind"
          chosen={form.kind}
          onChosen={(id) => set({ kind: KINDS.find((kind) => kind === id) ?? "private" })}
          options={KINDS.map((kind) => ({ id: kind, title: kindTitle(kind) }))}
        />
        <TextField
          label="Base URL"
          mono
          value={form.base_url}
          onChange={(base_url) => set({ base_url })}
          help="https only, without user, query or fragment. Nothing else is ever sent to."
        />
        <TextField
          label="Place"
          value={form.place}
          onChange={(place) => set({ place })}
          placeholder="eu-central-1"
          help="Where it processes, as you know it. Empty is unknown: calls bound to a place are then refused."
        />
        <Select
          label="Dialect"
          chosen={form.dialect}
          onChosen={(dialect) => set({ dialect })}
          options={DIALECTS}
        />
        <Select
          label="Authentication"
          chosen={form.auth}
          onChosen={(auth) => set({ auth })}
          options={AUTHS}
        />
        <TextField
          label="Model"
          mono
          value={form.model}
          onChange={(model) => set({ model })}
          help="Asked for instead of each call's own model. Empty keeps the call's."
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

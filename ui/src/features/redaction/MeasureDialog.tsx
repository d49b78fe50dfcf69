// Measuring a guard: which canaries, then what would be sent where, and only then sending.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Refusal } from "@/components/Refusal";
import { WRITINGS } from "@/features/redaction/guards";
import { PlanFacts } from "@/features/redaction/PlanFacts";
import type { GuardRow, PlanGuard, PolicyRow, RunGuard } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { useDo } from "@/lib/query";

const ALL = "all";

type Props = {
  guard: GuardRow;
  policies: readonly PolicyRow[];
  onClosed: () => void;
  onConfirmed: (run: RunGuard) => void;
};

export function MeasureDialog({ guard, policies, onClosed, onConfirmed }: Props) {
  const [form, setForm] = useState({ seed: "1", count: "500", clean: "50", types: "", writing: ALL });
  const [policy, setPolicy] = useState(policies.find((one) => one.in_force)?.reference ?? "default");
  const [typed, setTyped] = useState("");
  const planning = useDo("redaction.plan_guard");
  const set = (change: Partial<typeof form>) => {
    // A plan of other choices is never carried out.
    planning.reset();
    setForm((kept) => ({ ...kept, ...change }));
  };
  const makePlan = () => {
    const asked: PlanGuard = {
      guard: guard.name,
      seed: Number(form.seed),
      count: Number(form.count),
      clean: Number(form.clean),
      policy,
      entity_types: form.types
        .split(/[\s,]+/)
        .map((name) => name.trim())
        .filter((name) => name !== ""),
      writings: form.writing === ALL ? [] : [form.writing],
    };
    planning.mutate(asked);
  };
  const plan = planning.data;
  const confirm = () => {
    if (plan === undefined) return;
    onConfirmed(plan.phrase === null ? { plan: plan.id } : { plan: plan.id, phrase: plan.phrase });
  };
  const isNumber = [form.seed, form.count, form.clean].every((text) => /^\d{1,9}$/.test(text));
  return (
    <Dialog
      title={`Measure ${guard.name}`}
      isOpen
      onClosed={onClosed}
      width="wide"
      actions={
        <>
          <Button onPress={onClosed}>Close, send nothing</Button>
          {plan === undefined ? (
            <Button tone="primary" isDisabled={!isNumber || planning.isPending} onPress={makePlan}>
              Make a plan
            </Button>
          ) : (
            <Button
              tone="primary"
              isDisabled={plan.phrase !== null && typed.trim() !== plan.phrase}
              onPress={confirm}
            >
              Send {counted(plan.texts, "text")} to {plan.destination}
            </Button>
          )}
        </>
      }
    >
      <div className="grid grid-cols-3 items-start gap-3">
        <TextField
          label="Texts with a planted value"
          autoFocus
          value={form.count}
          onChange={(count) => set({ count })}
        />
        <TextField
          label="Texts with nothing planted"
          value={form.clean}
          onChange={(clean) => set({ clean })}
        />
        <TextField label="Seed" value={form.seed} onChange={(seed) => set({ seed })} />
        <TextField
          label="Entity types"
          mono
          value={form.types}
          onChange={(types) => set({ types })}
          placeholder="all"
        />
        <Select
          label="Writing"
          chosen={form.writing}
          onChosen={(writing) => set({ writing })}
          options={[
            { id: ALL, title: "All writings" },
            ...Object.entries(WRITINGS).map(([id, title]) => ({ id, title })),
          ]}
        />
        <Select
          label="Set against policy"
          chosen={policy}
          onChosen={(name) => {
            planning.reset();
            setPolicy(name);
          }}
          options={policies.map((one) => ({ id: one.reference, title: `${one.reference} ${one.version}` }))}
        />
      </div>
      {plan && <PlanFacts plan={plan} />}
      {plan?.phrase && (
        <TextField label={`To confirm, type: ${plan.phrase}`} mono value={typed} onChange={setTyped} />
      )}
      <Refusal error={planning.error} />
    </Dialog>
  );
}

// Drawing a sample: from which calls, how many, by which strata, for how many readers.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { RadioChoice } from "@/components/form/RadioChoice";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { count, counted } from "@/lib/format";
import { useAsk, useDo } from "@/lib/query";
import { useDebounced } from "@/lib/useDebounced";

const STRATA = ["deployment", "model", "status", "day"] as const;

export function DrawDialog({ query: given, onClosed }: { query: string; onClosed: () => void }) {
  const [query, setQuery] = useState(given);
  const [size, setSize] = useState("60");
  const [seed, setSeed] = useState("");
  const [by, setBy] = useState<readonly string[]>(["deployment"]);
  const [allocation, setAllocation] = useState("proportional");
  const [readers, setReaders] = useState("2");
  const navigate = useNavigate();
  const settled = useDebounced(query.trim(), 300);
  const matching = useAsk("trail.count", { query: settled });
  const draw = useDo("trail.draw_sample");
  const isWhole = (text: string) => /^\d+$/.test(text.trim());
  const isReady =
    isWhole(size) && (seed.trim() === "" || isWhole(seed)) && !matching.error && !draw.isPending;
  const submit = () =>
    draw.mutate(
      {
        query,
        size: Number(size),
        by: [...by],
        allocation,
        readers: Number(readers),
        ...(seed.trim() === "" ? {} : { seed: Number(seed) }),
      },
      {
        onSuccess: ({ sample }) => {
          onClosed();
          void navigate({ to: "/trail/samples/$sample", params: { sample: `${sample.sample}` } });
        },
      },
    );
  return (
    <Dialog
      title="Draw a sample?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button tone="primary" isDisabled={!isReady} onPress={submit}>
            Draw the sample
          </Button>
        </>
      }
    >
      <TextField
        label="Query"
        mono
        value={query}
        onChange={setQuery}
        help={
          matching.data
            ? `${count(matching.data.matching)} of ${counted(matching.data.stored, "call")} match now.`
            : "In the language of the trail; nothing for all calls."
        }
        error={matching.error?.message}
      />
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField label="Calls" value={size} onChange={setSize} help="1 to 2,000." />
        <TextField
          label="Seed"
          value={seed}
          onChange={setSeed}
          help="A whole number; chosen by chance where empty."
        />
      </div>
      <fieldset className="grid gap-1">
        <legend className="text-sm font-semibold">Strata by</legend>
        <div className="flex flex-wrap gap-x-4">
          {STRATA.map((name) => (
            <Checkbox
              key={name}
              label={name}
              isSelected={by.includes(name)}
              onChange={(isOn) => setBy(STRATA.filter((one) => (one === name ? isOn : by.includes(one))))}
            />
          ))}
        </div>
      </fieldset>
      <RadioChoice
        label="Of each stratum"
        chosen={allocation}
        onChosen={setAllocation}
        options={[
          { id: "proportional", title: "By its size, and at least one call" },
          { id: "equal", title: "The same number of calls" },
        ]}
      />
      <RadioChoice
        label="Readers"
        chosen={readers}
        onChosen={setReaders}
        options={[
          {
            id: "2",
            title: "Two, each without seeing what the other judged",
            about: "Results are withheld from everybody until both have finished.",
          },
          { id: "1", title: "One", about: "Says nothing of how far another would agree." },
        ]}
      />
      {draw.error && <Problem error={draw.error} what="draw the sample" />}
    </Dialog>
  );
}

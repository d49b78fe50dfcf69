// Examples of a rule: each a text, whether the rule keeps to it, and why.

import { CircleCheck, OctagonX, X } from "lucide-react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { IconButton } from "@/components/IconButton";
import type { TriedExample } from "@/lib/bindings";

type Props = {
  title: string;
  examples: readonly string[];
  /** How those that are not blank fared, in their order; empty while a problem stands. */
  tried: readonly TriedExample[];
  onChanged: (examples: string[]) => void;
};

export function RuleExamples({ title, examples, tried, onChanged }: Props) {
  let number = -1;
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="sr-only">{title}</legend>
      {examples.map((example, index) => {
        if (example.trim() !== "") number += 1;
        const one = example.trim() === "" ? undefined : tried[number];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: examples have no ids; the place is what they are
          <div key={index} className="grid gap-1">
            <div className="flex items-end gap-2">
              <div className="min-w-0 flex-1">
                <TextField
                  label={`${title} ${index + 1}`}
                  lines={1}
                  mono
                  value={example}
                  onChange={(text) => onChanged(examples.map((other, at) => (at === index ? text : other)))}
                />
              </div>
              <IconButton
                label={`Remove example ${index + 1} of ${title.toLowerCase()}`}
                onPress={() => onChanged(examples.filter((_, at) => at !== index))}
              >
                <X aria-hidden size={16} />
              </IconButton>
            </div>
            {one && (
              <p className={`flex items-center gap-1.5 text-sm ${one.holds ? "text-muted" : "text-danger"}`}>
                {one.holds ? (
                  <CircleCheck aria-hidden size={14} className="shrink-0" />
                ) : (
                  <OctagonX aria-hidden size={14} className="shrink-0" />
                )}
                <span>{one.says}</span>
              </p>
            )}
          </div>
        );
      })}
      <div>
        <Button tone="quiet" onPress={() => onChanged([...examples, ""])}>
          Add an example
        </Button>
      </div>
    </fieldset>
  );
}

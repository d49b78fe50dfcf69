// A choice of one out of few, all of them in sight with what they mean.

import type { ReactNode } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";

export type RadioOption = { id: string; title: ReactNode; about?: ReactNode };
type Props = {
  label: string;
  /** Shown to screen readers only, where the place explains it. */
  labelHidden?: boolean;
  options: readonly RadioOption[];
  chosen: string;
  onChosen: (id: string) => void;
  direction?: "down" | "across";
};

export function RadioChoice({
  label,
  labelHidden = false,
  options,
  chosen,
  onChosen,
  direction = "down",
}: Props) {
  return (
    <RadioGroup value={chosen} onChange={onChosen} className="grid gap-1">
      <Label className={labelHidden ? "sr-only" : "text-sm font-semibold"}>{label}</Label>
      <div className={direction === "down" ? "grid gap-1" : "flex flex-wrap gap-x-4 gap-y-1"}>
        {options.map((option) => (
          <Radio
            key={option.id}
            value={option.id}
            className="group flex min-h-6 min-w-0 cursor-default items-start gap-2"
          >
            <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface group-selected:border-accent group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-focus">
              <span className="invisible size-2 rounded-full bg-accent group-selected:visible" />
            </span>
            <span className="min-w-0">
              <span className="block">{option.title}</span>
              {option.about && <span className="block text-sm text-muted">{option.about}</span>}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

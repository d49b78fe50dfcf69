// A choice that is on or off.

import { Check } from "lucide-react";
import { Checkbox as AriaCheckbox, type CheckboxProps } from "react-aria-components";

type Props = Omit<CheckboxProps, "children"> & { label: string };

export function Checkbox({ label, ...rest }: Props) {
  return (
    <AriaCheckbox {...rest} className="group flex min-h-6 items-center gap-2 disabled:opacity-50">
      <span className="flex size-4 shrink-0 items-center justify-center rounded-chip border border-control bg-surface group-selected:border-accent group-selected:bg-accent group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-focus">
        <Check
          aria-hidden
          size={12}
          strokeWidth={3}
          className="invisible text-onaccent group-selected:visible"
        />
      </span>
      {label}
    </AriaCheckbox>
  );
}

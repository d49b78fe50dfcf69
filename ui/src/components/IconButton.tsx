// A button that shows a picture; its label is its tooltip and its name.

import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from "react-aria-components";

type Props = Omit<ButtonProps, "children"> & { label: string; children: ReactNode };

export function IconButton({ label, children, ...rest }: Props) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        {...rest}
        aria-label={label}
        className="inline-flex size-7 shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover disabled:opacity-50"
      >
        {children}
      </AriaButton>
      <Tooltip
        offset={6}
        className="max-w-80 rounded-control border border-line bg-surface px-2 py-1 text-sm text-ink shadow-pop"
      >
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

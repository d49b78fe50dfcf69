// A button. One `primary` a screen; the rest are plain.

import { Button as AriaButton, type ButtonProps } from "react-aria-components";

type Props = ButtonProps & { tone?: "primary" | "plain" | "quiet" | "danger" };

const TONES = {
  primary: "bg-accent text-onaccent border-transparent hover:bg-accent-hover font-semibold",
  plain: "bg-surface text-ink border-control hover:bg-hover",
  quiet: "bg-transparent text-accent border-transparent hover:bg-hover",
  danger: "bg-danger text-ondanger border-transparent font-semibold",
} as const;

export function Button({ tone = "plain", className, ...rest }: Props) {
  return (
    <AriaButton
      {...rest}
      className={`inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-control border px-3 whitespace-nowrap disabled:opacity-50 ${TONES[tone]} ${typeof className === "string" ? className : ""}`}
    />
  );
}

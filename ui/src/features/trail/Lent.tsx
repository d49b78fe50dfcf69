// A figure of a call, marked where another record of the call tells it and not the listed one.

import type { ReactNode } from "react";
import type { CallRow, LentBy } from "@/lib/bindings";
import { words } from "@/lib/format";

type Props = { call: CallRow; field: string; children: ReactNode };

function whose(by: LentBy): string {
  return `from the record of ${words(by.source)}${by.inferred ? ", which was inferred to be of this call" : ""}`;
}

/** In a cell: underlined, with whose it is on hover and for screen readers. */
export function LentCell({ call, field, children }: Props) {
  const by = call.lent[field];
  if (by === undefined) return <>{children}</>;
  return (
    <span className="underline decoration-dotted underline-offset-2" title={whose(by)}>
      {children}
      <span className="sr-only"> {whose(by)}</span>
    </span>
  );
}

/** In a list of facts: with whose it is behind it. */
export function LentFact({ call, field, children }: Props) {
  const by = call.lent[field];
  return (
    <>
      {children}
      {by !== undefined && <span className="text-sm text-muted"> {whose(by)}</span>}
    </>
  );
}

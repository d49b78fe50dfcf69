// Why the engine didn't do what somebody asked for, and what to do.

import type { ReactNode } from "react";
import { Ticked } from "@/components/text/Ticked";
import type { WireError } from "@/lib/bindings";
import { sentence } from "@/lib/format";

/** Nothing where nothing was refused. `children` say what did not happen. */
export function Refusal({ error, children }: { error: WireError | null | undefined; children?: ReactNode }) {
  if (!error) return null;
  const said = [error.message, error.hint].filter((text) => text !== null).map(sentence);
  return (
    <p role="alert" className="break-words text-danger">
      <Ticked text={said.join(" ")} /> {children && <>{children} </>}
      <code>{error.code}</code>
    </p>
  );
}

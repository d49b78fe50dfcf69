// What became of asking for this before: the reason of what waits or was approved, so that exactly that can be
// carried out, and a no that nothing followed.

import type { ApprovalRow } from "@/lib/bindings";
import { useAsk } from "@/lib/query";

type Deed = { policy?: string | undefined; deployment?: string | undefined; ends?: string | undefined };

type Before = {
  /** Of the newest request for this that waits or is approved; `null` where there is none. */
  reason: string | null;
  /** The newest request for this policy, whichever its text, where it was refused. */
  refused: ApprovalRow | null;
};

export function useAskedBefore(deed: Deed, isSigned: boolean): Before {
  const asked = useAsk("approvals.list", {}, { enabled: isSigned });
  let newest: ApprovalRow | null = null;
  for (const one of asked.data ?? []) {
    if (one.kind !== "policies") continue;
    const content = fields(one.content);
    const isIt =
      deed.ends === undefined
        ? content.get("policy") === deed.policy &&
          content.get("deployment") === deed.deployment &&
          !content.has("ends_own_of")
        : content.get("ends_own_of") === deed.ends;
    if (!isIt) continue;
    newest ??= one;
    if (one.state === "waiting" || one.state === "approved") {
      return { reason: content.get("reason") ?? "", refused: null };
    }
  }
  return { reason: null, refused: newest?.state === "refused" ? newest : null };
}

function fields(content: string): Map<string, string> {
  const read: unknown = JSON.parse(content);
  const said = new Map<string, string>();
  if (typeof read !== "object" || read === null) return said;
  for (const [name, value] of Object.entries(read)) {
    if (typeof value === "string") said.set(name, value);
  }
  return said;
}

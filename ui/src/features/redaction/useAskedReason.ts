// The reason with which putting a policy in force was asked for, so that exactly that can be carried out.

import { useAsk } from "@/lib/query";

type Deed = { policy?: string | undefined; deployment?: string | undefined; ends?: string | undefined };

/** Of the newest request for this that waits or is approved; `null` where there is none. */
export function useAskedReason(deed: Deed, isSigned: boolean): string | null {
  const asked = useAsk("approvals.list", {}, { enabled: isSigned });
  for (const one of asked.data ?? []) {
    if (one.kind !== "policies" || (one.state !== "waiting" && one.state !== "approved")) continue;
    const content = fields(one.content);
    const isIt =
      deed.ends === undefined
        ? content.get("policy") === deed.policy &&
          content.get("deployment") === deed.deployment &&
          !content.has("ends_own_of")
        : content.get("ends_own_of") === deed.ends;
    if (isIt) return content.get("reason") ?? "";
  }
  return null;
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

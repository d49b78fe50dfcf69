// Whether a deed needs a second person, what became of asking, and asking.
//
// In: a command and its input. Out: its standing. Not here: showing it (`components/ApprovalNote`), the
// list of requests (`features/approvals`).

import { useState } from "react";
import type { ApprovalRow, ApprovalStanding, WireError } from "@/lib/bindings";
import type { CommandName, Input } from "@/lib/call";
import { host } from "@/lib/host";
import { useAsk, useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

export type Approval = {
  /** Whether the rule is on; false while that is not known, since the engine refuses in any case. */
  isNeeded: boolean;
  /** Whether it can be done now. */
  isFree: boolean;
  request: ApprovalRow | null;
  /** Whether asking makes sense: nothing waits and nothing is approved. */
  canAsk: boolean;
  ask: () => void;
  isAsking: boolean;
  error: WireError | null;
};

const NONE: ApprovalStanding = { needed: false, request: null, free: true };

/** The standing of a deed; `enabled` false where its input is not whole yet. */
export function useApproval<Name extends CommandName>(
  command: Name,
  input: Input<Name>,
  enabled = true,
): Approval {
  const deed = { command, input: JSON.stringify(input) };
  const asked = useAsk("approvals.standing", deed, { enabled });
  const request = useDo("approvals.request");
  const standing = (enabled && !asked.isPlaceholderData && asked.data) || NONE;
  const state = standing.request?.state;
  return {
    isNeeded: standing.needed,
    isFree: standing.free,
    request: standing.request,
    canAsk: standing.needed && state !== "waiting" && state !== "approved",
    ask: () =>
      request.mutate(
        { deed },
        {
          onSuccess: () =>
            say("Asked for approval. It waits under Approvals, and can be handed over as a file."),
        },
      ),
    isAsking: request.isPending,
    error: request.error,
  };
}

/** Whether deeds of a kind need a second person at all. */
export function useRule(kind: string): boolean {
  const rules = useAsk("approvals.rules", {});
  return rules.data?.some((rule) => rule.kind === kind && rule.on) ?? false;
}

/** A file that was written, offered where there is no file system to look at. */
export function useWritten(): {
  written: { path: string; handle: string } | null;
  show: (file: { path: string; handle: string }) => void;
} {
  const [written, setWritten] = useState<{ path: string; handle: string } | null>(null);
  return {
    written,
    show: (file) => {
      setWritten(file);
      if (host().kind === "browser") void host().download(file.handle);
    },
  };
}

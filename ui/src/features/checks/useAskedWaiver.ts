// What was asked for as the waiver of a finding, so that exactly that can be carried out.

import { useAsk } from "@/lib/query";

type AskedWaiver = { reason: string; owner: string; until: string };

/** The newest request for a waiver of this finding that waits or is approved. */
export function useAskedWaiver(finding: string, isSigned: boolean): AskedWaiver | null {
  const asked = useAsk("approvals.list", {}, { enabled: isSigned });
  const row = asked.data?.find(
    (one) =>
      one.kind === "waivers" &&
      (one.state === "waiting" || one.state === "approved") &&
      field(one.content, "finding") === finding,
  );
  if (!row) return null;
  return {
    reason: field(row.content, "reason"),
    owner: field(row.content, "owner"),
    until: field(row.content, "until"),
  };
}

function field(content: string, name: string): string {
  const read: unknown = JSON.parse(content);
  if (typeof read !== "object" || read === null) return "";
  const value = Object.entries(read).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : "";
}

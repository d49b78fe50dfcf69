// "28 of 30 · 79–98 %": found whole, of how many, and where the share lies at 95 %.

import type { FoundOf } from "@/lib/bindings";
import { count } from "@/lib/format";

export function FoundShare({ of }: { of: FoundOf }) {
  if (of.of === 0) return <span className="whitespace-nowrap text-muted">none judged</span>;
  return (
    <span className="whitespace-nowrap">
      {count(of.found)} of {count(of.of)}
      <span className="block text-sm text-muted">
        {of.low === null || of.high === null
          ? "too few to judge"
          : `${Math.round(of.low * 100)}–${Math.round(of.high * 100)} %`}
      </span>
      {of.partly > 0 && <span className="block text-sm text-muted">{count(of.partly)} in part</span>}
    </span>
  );
}

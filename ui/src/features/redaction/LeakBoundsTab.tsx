// What a policy may miss, told three ways, each with its limit.

import { CanaryPanel } from "@/features/redaction/CanaryPanel";
import { RecapturePanel } from "@/features/redaction/RecapturePanel";
import { SampleBoundPanel } from "@/features/redaction/SampleBoundPanel";

export function LeakBoundsTab({ policy }: { policy: string }) {
  return (
    <div className="grid gap-4">
      <p className="max-w-180 text-muted">
        No one figure says what a policy misses. Planted values are counted exactly and stand for themselves
        only; a sample that people read bounds the share of calls that leak; two recognizers that looked
        independently say how much neither found.
      </p>
      <CanaryPanel policy={policy} />
      <SampleBoundPanel />
      <RecapturePanel policy={policy} />
    </div>
  );
}

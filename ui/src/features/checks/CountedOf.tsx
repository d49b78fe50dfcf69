// "51 of 4,000": what a finding counts, of all that it speaks of. Where nothing could be judged, no
// count stands: 0 would read as none.

import { Missing } from "@/components/text/When";
import type { FindingRow } from "@/lib/bindings";
import { count } from "@/lib/format";

export function CountedOf({ finding }: { finding: FindingRow }) {
  const isJudged = finding.unknown < finding.of;
  return (
    <>
      {isJudged ? count(finding.counted) : <Missing />} of {count(finding.of)}
    </>
  );
}

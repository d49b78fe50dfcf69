// What an import of settings answers read, and what it rejected with the reasons.

import { NoteChip } from "@/components/Chip";
import type { SnapshotSummary } from "@/lib/bindings";
import { counted } from "@/lib/format";

export function SnapshotOutcome({ outcome }: { outcome: SnapshotSummary }) {
  const { settings, rejected } = outcome;
  return (
    <div role="status" className="grid gap-1 rounded-control border border-line bg-surface px-4 py-3">
      <p>
        Read {counted(settings.length, "setting")}; {counted(rejected.length, "answer")} rejected. Run the
        checks again to judge them.
      </p>
      {rejected.length > 0 && (
        <ul className="grid gap-1">
          {rejected.map((reason) => (
            <li key={reason} className="flex items-start gap-2">
              <NoteChip tone="medium" word="Not read" />
              <span className="min-w-0 [overflow-wrap:anywhere]">{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

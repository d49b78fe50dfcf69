// What the allow list left alone, entry by entry, and which of its entries are over.

import type { AllowedCount } from "@/lib/bindings";
import { counted } from "@/lib/format";

export function AllowedList({ allowed }: { allowed: readonly AllowedCount[] }) {
  if (allowed.length === 0) return null;
  return (
    <ul aria-label="Left alone by the allow list" className="grid gap-0.5">
      {allowed.map((one) => (
        <li key={one.place} className="[overflow-wrap:anywhere]">
          {one.over ? (
            <span className="font-semibold">Over, and leaves nothing alone any more: </span>
          ) : (
            <span>{counted(one.hits, "time")}: </span>
          )}
          {one.entry}
        </li>
      ))}
    </ul>
  );
}

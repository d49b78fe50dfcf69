// What stands against a policy before it is put in force, point by point, and what nobody tried.

import { GateChip } from "@/components/Chip";
import { Ticked } from "@/components/text/Ticked";
import { When } from "@/components/text/When";
import type { GatePoint } from "@/lib/bindings";

export function GatePoints({ points }: { points: readonly GatePoint[] }) {
  return (
    <ul
      aria-label="What stands against it"
      className="divide-y divide-line rounded-control border border-line"
    >
      {points.map((one) => (
        <li key={one.point} className="grid grid-cols-[6.25rem_1fr] items-start gap-x-3 px-3 py-2">
          <span>
            <GateChip state={one.state} />
          </span>
          <div className="grid gap-0.5">
            <p className="wrap-anywhere">
              <span className="font-semibold">{one.title}.</span> <Ticked text={one.says} />
            </p>
            {one.at !== null && (
              <p className="text-sm text-muted">
                Tried <When at={one.at} />
                {one.by !== null && ` by ${one.by}`}
              </p>
            )}
            {one.details.length > 0 && (
              <ul className="list-disc pl-4 text-sm text-muted">
                {one.details.map((line) => (
                  <li key={line} className="wrap-anywhere">
                    <Ticked text={line} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

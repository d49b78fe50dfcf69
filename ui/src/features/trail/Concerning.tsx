// What Anthropic's feed of activities tells of a call: that its staff opened it, that a hook denied it, who looked.

import { TrailLink } from "@/components/TrailLink";
import { When } from "@/components/text/When";
import type { ActivityRow } from "@/lib/bindings";
import { counted, visible } from "@/lib/format";

/** So many are given of a call at most. */
const MOST = 20;

export function Concerning({ activities }: { activities: readonly ActivityRow[] }) {
  if (activities.length === 0) return null;
  return (
    <section aria-label="Activities about this call" className="rounded-control border border-line p-3">
      <h3>
        {activities.length < MOST
          ? `${counted(activities.length, "activity", "activities")} about this call`
          : `The newest ${MOST} activities about this call; there may be more`}
      </h3>
      <ul className="mt-1 grid gap-1">
        {activities.map((one) => (
          <li key={one.id}>
            <TrailLink query={`id:${one.id}`} tab="activities">
              {visible(one.action)}
            </TrailLink>{" "}
            <When at={one.at} />
            {one.actor !== null && ` by ${visible(one.actor)}`}
            {one.error_type !== null && ` (${visible(one.error_type)})`}
          </li>
        ))}
      </ul>
    </section>
  );
}

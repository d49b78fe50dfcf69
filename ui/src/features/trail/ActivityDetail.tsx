// One activity in full.

import { X } from "lucide-react";
import { Facts } from "@/components/Facts";
import { IconButton } from "@/components/IconButton";
import { Answered } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { Id } from "@/components/text/Id";
import { Segments } from "@/components/text/Segments";
import { Maybe, When } from "@/components/text/When";
import { HeldBy } from "@/features/trail/HeldBy";
import { Origin } from "@/features/trail/Origin";
import type { CallsAbout } from "@/lib/bindings";
import { bytes, counted, visible, words } from "@/lib/format";
import { useAsk } from "@/lib/query";

function About({ calls }: { calls: CallsAbout }) {
  if (calls.count === 0) return "a call that the trail doesn't hold";
  return <TrailLink query={calls.query}>{counted(calls.count, "call")}</TrailLink>;
}

export function ActivityDetail({ id, onClosed }: { id: string; onClosed: () => void }) {
  const asked = useAsk("trail.activity", { id });
  return (
    <section
      aria-label="Activity"
      tabIndex={0}
      className="relative h-full overflow-auto outline-offset-[-2px]"
    >
      <div className="flex items-start gap-2 px-4 pt-3">
        <h2 className="flex flex-1 items-center gap-1 text-md">
          Activity <Id id={id} label="id" />
        </h2>
        <IconButton label="Close the record" onPress={onClosed}>
          <X aria-hidden size={16} />
        </IconButton>
      </div>
      <Answered asked={asked} what="the activity">
        {({ activity, calls, provenance, raw, raw_cut, erased, holds }) => (
          <>
            <div className="px-4 pt-4 empty:hidden">
              <HeldBy holds={holds} />
            </div>
            <div className="p-4">
              <Facts
                facts={[
                  { name: "When", value: <When at={activity.at} /> },
                  { name: "Action", value: visible(activity.action) },
                  { name: "Category", value: words(activity.category) },
                  { name: "Actor", value: <Maybe value={activity.actor && visible(activity.actor)} /> },
                  { name: "Target", value: <Maybe value={activity.target && visible(activity.target)} /> },
                  ...(calls === null ? [] : [{ name: "About", value: <About calls={calls} /> }]),
                  {
                    name: "Outcome",
                    value:
                      activity.succeeded === null ? (
                        <Maybe value={null} />
                      ) : activity.succeeded ? (
                        "worked"
                      ) : (
                        "refused"
                      ),
                  },
                  { name: "Error", value: <Maybe value={activity.error_type} /> },
                  { name: "Reason", value: <Maybe value={activity.reason && visible(activity.reason)} /> },
                  { name: "Region", value: <Maybe value={activity.region} /> },
                  { name: "Account", value: <Maybe value={activity.account} /> },
                  { name: "Source address", value: <Maybe value={activity.source_ip} /> },
                  { name: "Source", value: words(activity.source) },
                ]}
              />
            </div>
            {erased && (
              <p className="chip-unknown mx-4 rounded-control p-3">
                {erased.sentence} {erased.remains}
              </p>
            )}
            {provenance && <Origin provenance={provenance} />}
            <div className="grid grid-cols-[minmax(0,1fr)] gap-2 p-4">
              <h3>Record, masked</h3>
              <Segments segments={raw} label="Record" />
              {raw_cut > 0 && <p className="text-sm text-muted">{bytes(raw_cut)} more are not shown.</p>}
            </div>
          </>
        )}
      </Answered>
    </section>
  );
}

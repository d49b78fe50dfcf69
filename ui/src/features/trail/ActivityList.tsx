// The activities that match: who read, changed or administered something, this program's own too.

import { Button } from "@/components/Button";
import { Empty, Problem } from "@/components/States";
import type { ListProps } from "@/features/trail/CallList";
import { ClearQuery } from "@/features/trail/ClearQuery";
import { RecordGrid } from "@/features/trail/RecordGrid";
import type { ActivityPage, ActivityRow } from "@/lib/bindings";
import { counted as amount } from "@/lib/format";
import { chooseAndImport } from "@/lib/importing";

const WORDS = ["activity", "activities"] as const;
const read = (page: ActivityPage) => ({ rows: page.activities, next: page.next });

export function ActivityList(props: ListProps<ActivityRow>) {
  const { layout, query, openId, onOpened, counted, onQuery, onExported } = props;
  if (counted.error)
    return (
      <Problem
        error={counted.error}
        what="list activities"
        action={query !== "" && <ClearQuery onQuery={onQuery} />}
      />
    );
  if (!counted.data) return null;
  const { matching, stored } = counted.data;
  if (matching === 0 && !counted.isPlaceholderData) {
    return (
      <Empty
        title={stored === 0 ? "No activities yet" : "No activities match"}
        action={
          stored === 0 ? (
            <Button onPress={() => chooseAndImport("files")}>Import files…</Button>
          ) : (
            <ClearQuery onQuery={onQuery} />
          )
        }
      >
        {stored === 0
          ? "Import CloudTrail or Compliance activities. What is done in this program appears here as well."
          : `The store holds ${amount(stored, "activity", "activities")}; none of them match this query.`}
      </Empty>
    );
  }
  return (
    <RecordGrid
      key={query}
      label="Activities"
      words={WORDS}
      name="trail.activities"
      query={query}
      total={matching}
      read={read}
      layout={layout}
      openId={openId}
      onOpened={onOpened}
      onExported={onExported}
    />
  );
}

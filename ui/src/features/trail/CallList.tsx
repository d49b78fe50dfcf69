// The calls that match.

import { Button } from "@/components/Button";
import { Empty, Problem } from "@/components/States";
import { ClearQuery } from "@/features/trail/ClearQuery";
import type { ListLayout } from "@/features/trail/layout";
import { RecordGrid } from "@/features/trail/RecordGrid";
import type { CallPage, CallRow, Count, WireError } from "@/lib/bindings";
import { counted as amount } from "@/lib/format";
import { chooseAndImport } from "@/lib/importing";

export type ListProps<Row> = {
  layout: ListLayout<Row>;
  query: string;
  openId: string | undefined;
  onOpened: (id: string) => void;
  counted: { data: Count | undefined; error: WireError | null; isPlaceholderData: boolean };
  onQuery: (query: string) => void;
  /** Exporting what this query matches. */
  onExported: (query: string) => void;
};

const WORDS = ["call", "calls"] as const;
const read = (page: CallPage) => ({ rows: page.calls, next: page.next });

export function CallList(props: ListProps<CallRow>) {
  const { layout, query, openId, onOpened, counted, onQuery, onExported } = props;
  if (counted.error)
    return (
      <Problem
        error={counted.error}
        what="list calls"
        action={query !== "" && <ClearQuery onQuery={onQuery} />}
      />
    );
  if (!counted.data) return null;
  const { matching, stored } = counted.data;
  if (stored === 0) {
    return (
      <Empty
        title="No calls yet"
        action={
          <>
            <Button onPress={() => chooseAndImport("files")}>Import files…</Button>
            <Button onPress={() => chooseAndImport("folder")}>Import a folder…</Button>
          </>
        }
      >
        Import the logs of your gateway or cloud, or drop them on this window. They stay on this computer.
      </Empty>
    );
  }
  if (matching === 0 && !counted.isPlaceholderData) {
    return (
      <Empty title="No calls match" action={<ClearQuery onQuery={onQuery} />}>
        The store holds {amount(stored, "call")}; none of them match this query.
      </Empty>
    );
  }
  return (
    <RecordGrid
      key={query}
      label="Calls"
      words={WORDS}
      name="trail.calls"
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

// Legal holds: what must be kept, whatever a rule or a request says.

import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { HoldDialog } from "@/features/retention/HoldDialog";
import { ReleaseDialog } from "@/features/retention/ReleaseDialog";
import type { HoldRow } from "@/lib/bindings";
import { count } from "@/lib/format";
import { useAsk } from "@/lib/query";

export function HoldsTab() {
  const holds = useAsk("retention.holds", {});
  const [isSetting, setIsSetting] = useState(false);
  const [released, setReleased] = useState<HoldRow | null>(null);
  const columns: readonly Column<HoldRow>[] = [
    {
      id: "name",
      title: "Hold",
      cell: (hold) => <span className="font-semibold whitespace-nowrap">{hold.name}</span>,
    },
    { id: "held", title: "Records", align: "right", cell: (hold) => count(hold.held) },
    {
      id: "query",
      title: "What",
      cell: (hold) => (
        <>
          {hold.records}:{" "}
          {hold.query === "" ? "all" : <code className="[overflow-wrap:anywhere]">{hold.query}</code>}
        </>
      ),
    },
    { id: "reason", title: "Reason", cell: (hold) => hold.reason },
    {
      id: "set",
      title: "Set",
      cell: (hold) => (
        <>
          by {hold.set_by}, <When at={hold.set_at} form="date" />
        </>
      ),
    },
    {
      id: "review",
      title: "Look again",
      cell: (hold) =>
        hold.review_due ? (
          <NoteChip word="Due" tone="medium" />
        ) : hold.review_at === null ? (
          "No date"
        ) : (
          <When at={hold.review_at} form="date" />
        ),
    },
    {
      id: "state",
      title: "State",
      cell: (hold) =>
        hold.released_at === null ? (
          <Button aria-label={`Release ${hold.name}`} onPress={() => setReleased(hold)}>
            Release…
          </Button>
        ) : (
          <>
            Released by {hold.released_by}, <When at={hold.released_at} form="date" />: {hold.release_reason}
          </>
        ),
    },
  ];
  return (
    <>
      <Panel
        title="Legal holds"
        flush
        actions={
          <>
            <TrailLink query="held:yes">Held calls</TrailLink>
            <Button tone="primary" onPress={() => setIsSetting(true)}>
              Set a hold…
            </Button>
          </>
        }
      >
        <Answered asked={holds} what="the holds">
          {(rows) =>
            rows.length === 0 ? (
              <p className="p-4 text-muted">
                No hold was set. A hold keeps all records that match a query, also those that come later.
              </p>
            ) : (
              <Rows label="List of holds" rows={rows} rowKey={(hold) => `${hold.leaf}`} columns={columns} />
            )
          }
        </Answered>
      </Panel>
      {isSetting && <HoldDialog onClosed={() => setIsSetting(false)} />}
      {released && <ReleaseDialog hold={released} onClosed={() => setReleased(null)} />}
    </>
  );
}

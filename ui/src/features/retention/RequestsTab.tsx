// Requests to erase, what of them waits for a hold, and every erasure with its leaves.

import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { CarryOutDialog } from "@/features/retention/CarryOutDialog";
import type { ErasureRow, RequestRow, Requests } from "@/lib/bindings";
import { count, counted, words } from "@/lib/format";

function State({ row }: { row: RequestRow }) {
  if (row.state === "done") return <NoteChip word="Done" tone="met" />;
  if (row.holds.length === 0) return <NoteChip word="Waiting" tone="high" />;
  return (
    <span className="grid gap-1">
      {row.holds.map((hold) => (
        <span key={hold.hold}>
          <NoteChip word={`${counted(hold.records, "record")} blocked by hold ${hold.hold}`} tone="medium" />
        </span>
      ))}
    </span>
  );
}

const ERASURES: readonly Column<ErasureRow>[] = [
  { id: "leaf", title: "Leaf", align: "right", cell: (row) => `#${count(row.leaf)}` },
  { id: "kind", title: "Why", cell: (row) => (row.kind === "subject" ? "Request" : "Retention rule") },
  { id: "request", title: "Request", cell: (row) => row.request },
  { id: "basis", title: "Ground", cell: (row) => words(row.basis) },
  { id: "records", title: "Records", align: "right", cell: (row) => count(row.records) },
  {
    id: "destroyed",
    title: "Destroyed",
    cell: (row) =>
      Object.entries(row.destroyed)
        .filter(([, number]) => (number ?? 0) > 0)
        .map(([what, number]) => `${count(number ?? 0)} ${words(what)}`)
        .join(", "),
  },
  {
    id: "done",
    title: "Ended",
    cell: (row) =>
      row.done_leaf === null ? (
        <NoteChip word="Not ended" tone="high" />
      ) : (
        <>
          #{count(row.done_leaf)}, <When at={row.done_at} />
        </>
      ),
  },
];

export function RequestsTab({ all }: { all: Requests }) {
  const [open, setOpen] = useState<RequestRow | null>(null);
  const columns: readonly Column<RequestRow>[] = [
    {
      id: "request",
      title: "Request",
      cell: (row) => <span className="font-semibold">{row.request}</span>,
    },
    {
      id: "basis",
      title: "Ground",
      cell: (row) => all.bases.find((basis) => basis.name === row.basis)?.title ?? words(row.basis),
    },
    {
      id: "made",
      title: "Made",
      cell: (row) => (
        <>
          by {row.made_by}, <When at={row.made_at} form="date" />
        </>
      ),
    },
    {
      id: "erased",
      title: "Erased",
      align: "right",
      cell: (row) => `${count(row.erased)} of ${count(row.records)}`,
    },
    { id: "state", title: "State", cell: (row) => <State row={row} /> },
    {
      id: "act",
      title: "What waits",
      cell: (row) =>
        row.phrase === null ? (
          count(row.waiting)
        ) : (
          <Button aria-label={`Erase what waits of ${row.request}`} onPress={() => setOpen(row)}>
            Erase it…
          </Button>
        ),
    },
  ];
  return (
    <div className="grid gap-4">
      <Panel title="Requests" flush>
        {all.requests.length === 0 ? (
          <p className="p-4 text-muted">
            No erasure was asked for yet. It begins under Erase a person, with a search for their records.
          </p>
        ) : (
          <Rows
            label="List of requests"
            rows={all.requests}
            rowKey={(row) => row.request}
            columns={columns}
          />
        )}
      </Panel>
      <Panel title="Erasures" flush actions={<TrailLink query="erased:yes">Erased calls</TrailLink>}>
        {all.erasures.length === 0 ? (
          <p className="p-4 text-muted">Nothing was erased yet.</p>
        ) : (
          <Rows
            label="List of erasures"
            rows={all.erasures}
            rowKey={(row) => `${row.leaf}`}
            columns={ERASURES}
          />
        )}
      </Panel>
      {open && <CarryOutDialog row={open} onClosed={() => setOpen(null)} />}
    </div>
  );
}

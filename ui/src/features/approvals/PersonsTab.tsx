// Who can ask and approve: one's own key, colleagues' keys, and revoking one.

import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { Sentences } from "@/components/Sentences";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { Id } from "@/components/text/Id";
import { When } from "@/components/text/When";
import { AddPersonDialog } from "@/features/approvals/AddPersonDialog";
import { OwnKeyDialog } from "@/features/approvals/OwnKeyDialog";
import { RevokeDialog } from "@/features/approvals/RevokeDialog";
import type { PersonRow } from "@/lib/bindings";
import { useAsk } from "@/lib/query";

export function PersonsTab() {
  const asked = useAsk("approvals.persons", {});
  const [open, setOpen] = useState<"nothing" | "own" | "add">("nothing");
  const [revoked, setRevoked] = useState<PersonRow | null>(null);
  const close = () => setOpen("nothing");
  const columns: readonly Column<PersonRow>[] = [
    {
      id: "name",
      title: "Name",
      cell: (row) => (
        <span className="flex flex-wrap items-center gap-2">
          {row.name}
          {row.is_me && <NoteChip word="You" />}
          {row.revoked_at !== null && <NoteChip word="Revoked" tone="high" />}
        </span>
      ),
    },
    {
      id: "fingerprint",
      title: "Fingerprint",
      cell: (row) => <code className="break-words">{row.fingerprint}</code>,
    },
    {
      id: "vkey",
      title: "Key",
      width: "11rem",
      cell: (row) => <Id id={row.vkey} label={`the key of ${row.name}`} />,
    },
    {
      id: "added",
      title: "Registered (UTC)",
      width: "13.5rem",
      cell: (row) => <When at={row.added_at} form="cell" />,
    },
    {
      id: "revoke",
      title: "Revoke",
      width: "7rem",
      cell: (row) =>
        row.revoked_at === null ? (
          <Button aria-label={`Revoke the key of ${row.name}…`} onPress={() => setRevoked(row)}>
            Revoke…
          </Button>
        ) : (
          <When at={row.revoked_at} form="date" />
        ),
    },
  ];
  return (
    <Answered asked={asked} what="the persons">
      {({ persons, says }) => (
        <Panel
          title="Persons and keys"
          flush
          actions={
            <>
              {!persons.some((person) => person.is_me) && (
                <Button onPress={() => setOpen("own")}>Make my key…</Button>
              )}
              <Button onPress={() => setOpen("add")}>Register a colleague's key…</Button>
            </>
          }
        >
          {persons.length > 0 && (
            <Rows label="All persons and keys" rows={persons} rowKey={(row) => row.id} columns={columns} />
          )}
          <div className="px-4 py-3">
            <Sentences of={says} />
          </div>
          {open === "own" && <OwnKeyDialog onClosed={close} />}
          {open === "add" && <AddPersonDialog onClosed={close} />}
          {revoked && <RevokeDialog person={revoked} onClosed={() => setRevoked(null)} />}
        </Panel>
      )}
    </Answered>
  );
}

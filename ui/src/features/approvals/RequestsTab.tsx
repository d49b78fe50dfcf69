// What was asked: what waits for whoever sits here, what they asked, and what was decided.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { ApprovalChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { FileDialog } from "@/features/approvals/FileDialog";
import { RequestDialog } from "@/features/approvals/RequestDialog";
import type { ApprovalRow, Chosen } from "@/lib/bindings";
import { host } from "@/lib/host";
import { useAsk, useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

export function RequestsTab() {
  const { id } = useSearch({ from: "/approvals" });
  const navigate = useNavigate();
  const asked = useAsk("approvals.list", {});
  const bring = useDo("approvals.import");
  const [file, setFile] = useState<Chosen | null>(null);
  const open = (row: ApprovalRow) =>
    void navigate({ to: "/approvals", search: { tab: "requests", id: row.id } });
  const choose = (then: (chosen: Chosen) => void) => {
    host()
      .pickFiles()
      .then(([chosen]) => chosen && then(chosen))
      .catch(sayProblem);
  };
  const decided = (chosen: Chosen) =>
    bring.mutate(
      { handle: chosen.handle },
      {
        onSuccess: (row) => {
          say(row.state === "approved" ? "Approved. It can be done once." : "Refused.");
          open(row);
        },
        onError: sayProblem,
      },
    );
  return (
    <Answered asked={asked} what="the requests">
      {(rows) => {
        const shown = rows.find((row) => row.id === id);
        const close = () => void navigate({ to: "/approvals", search: { tab: "requests" } });
        return (
          <div className="grid gap-4">
            <Panel
              title="Waiting for me"
              flush
              actions={<Button onPress={() => choose(setFile)}>Open a request's file…</Button>}
            >
              <List
                label="Requests that wait for me"
                rows={rows.filter((row) => row.for_me)}
                onOpened={open}
                empty="Nothing in this store waits for you. A request from another computer comes as a file."
              />
            </Panel>
            <Panel
              title="Asked, not decided"
              flush
              actions={
                <Button isDisabled={bring.isPending} onPress={() => choose(decided)}>
                  Bring a decision back…
                </Button>
              }
            >
              <List
                label="Requests that were asked"
                rows={rows.filter((row) => row.state === "waiting" && !row.for_me)}
                onOpened={open}
                empty="Nothing waits. Where a rule is on, the button of the deed asks for approval."
              />
            </Panel>
            <Panel title="Decided, used or too old" flush>
              <List
                label="Requests that were decided"
                rows={rows.filter((row) => row.state !== "waiting")}
                onOpened={open}
                empty="Nothing was decided yet."
              />
            </Panel>
            {shown && <RequestDialog request={shown} onClosed={close} />}
            {file && <FileDialog file={file} onClosed={() => setFile(null)} />}
          </div>
        );
      }}
    </Answered>
  );
}

type ListProps = {
  label: string;
  rows: readonly ApprovalRow[];
  onOpened: (row: ApprovalRow) => void;
  empty: string;
};

function List({ label, rows, onOpened, empty }: ListProps) {
  if (rows.length === 0) return <p className="px-4 py-3 text-muted">{empty}</p>;
  const columns: readonly Column<ApprovalRow>[] = [
    { id: "state", title: "State", width: "8rem", cell: (row) => <ApprovalChip state={row.state} /> },
    {
      id: "what",
      title: "What",
      cell: (row) => <span className="[overflow-wrap:anywhere]">{row.says[0]}</span>,
    },
    { id: "by", title: "Asked by", width: "10rem", cell: (row) => row.asked_by.name },
    {
      id: "until",
      title: "Good until (UTC)",
      width: "13.5rem",
      cell: (row) => <When at={row.until} form="cell" />,
    },
    {
      id: "open",
      title: "Open",
      width: "6rem",
      cell: (row) => (
        <Button aria-label={`Open: ${row.says[0] ?? row.id}`} onPress={() => onOpened(row)}>
          Open
        </Button>
      ),
    },
  ];
  return <Rows label={label} rows={rows} rowKey={(row) => row.id} columns={columns} />;
}

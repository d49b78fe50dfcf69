// Every version of a policy: who saved it, when it was in force, and the way back to it.

import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Panel } from "@/components/Page";
import { Refusal } from "@/components/Refusal";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { ExportPolicyDialog } from "@/features/redaction/ExportPolicyDialog";
import { ImportPolicyDialog } from "@/features/redaction/ImportPolicyDialog";
import { holding, stateWord } from "@/features/redaction/policyState";
import type { PolicyRow } from "@/lib/bindings";
import { useAsk, useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = {
  policy: PolicyRow;
  onOpened: (reference: string) => void;
  onForceAsked: (policy: PolicyRow) => void;
  /** This deployment's own policy is to end. */
  onEndAsked: (deployment: string) => void;
};

/** Which of the two dialogs about other tools is open. */
type Carrying = "import" | "export" | null;

export function VersionsPanel({ policy, onOpened, onForceAsked, onEndAsked }: Props) {
  const asked = useAsk("redaction.versions", { name: policy.name });
  const [carrying, setCarrying] = useState<Carrying>(null);
  const back = useDo("redaction.return_to");
  const columns: readonly Column<PolicyRow>[] = [
    {
      id: "version",
      title: "Version",
      cell: (row) => (
        <span className="font-semibold whitespace-nowrap">
          {row.number === null ? row.name : `v${row.number}`}
          {row.reference === policy.reference && <span className="font-normal text-muted"> · shown</span>}
        </span>
      ),
    },
    {
      id: "state",
      title: "State",
      cell: (row) => <State row={row} onEndAsked={onEndAsked} />,
    },
    {
      id: "saved",
      title: "Saved",
      cell: (row) =>
        row.saved_at === null ? (
          "Part of the program"
        ) : (
          <>
            <When at={row.saved_at} form="date" />
            {row.saved_by !== null && ` by ${row.saved_by}`}
          </>
        ),
    },
    { id: "note", title: "Note", cell: (row) => row.note ?? "" },
    {
      id: "do",
      title: "Actions",
      cell: (row) => (
        <span className="flex flex-wrap gap-1">
          {row.reference !== policy.reference && (
            <Button tone="quiet" aria-label={`Show ${row.reference}`} onPress={() => onOpened(row.reference)}>
              Show
            </Button>
          )}
          {!row.in_force && (
            <Button
              tone="quiet"
              aria-label={`Put ${row.reference} in force…`}
              onPress={() => onForceAsked(row)}
            >
              Put in force…
            </Button>
          )}
          {!row.newest && (
            <Button
              tone="quiet"
              aria-label={`Return to ${row.reference}`}
              isDisabled={back.isPending}
              onPress={() =>
                back.mutate(
                  { name: row.reference },
                  {
                    onSuccess: (saved) => {
                      say(`The text of ${row.reference} is saved as ${saved.reference}, a draft.`);
                      onOpened(saved.reference);
                    },
                  },
                )
              }
            >
              Return to
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <Panel
      title={`Versions of ${policy.name}`}
      flush
      actions={
        <>
          <Button onPress={() => setCarrying("import")}>Import…</Button>
          <Button onPress={() => setCarrying("export")}>Export…</Button>
        </>
      }
    >
      <Answered asked={asked} what="the versions">
        {(versions) => (
          <Rows
            label={`All versions of ${policy.name}`}
            columns={columns}
            rows={versions}
            rowKey={(row) => row.reference}
          />
        )}
      </Answered>
      <div className="px-4 py-2 empty:hidden">
        <Refusal error={back.error} />
      </div>
      <p className="px-4 py-2 text-muted">
        A saved version is never changed. Saving makes a draft; returning to a version saves its text anew.
      </p>
      {carrying === "import" && (
        <ImportPolicyDialog
          onClosed={() => setCarrying(null)}
          onSaved={(saved) => {
            setCarrying(null);
            onOpened(saved.reference);
          }}
        />
      )}
      {carrying === "export" && <ExportPolicyDialog policy={policy} onClosed={() => setCarrying(null)} />}
    </Panel>
  );
}

type StateProps = { row: PolicyRow; onEndAsked: (deployment: string) => void };

function State({ row, onEndAsked }: StateProps) {
  const holds = holding(row);
  if (holds.length > 0) {
    return (
      <ul className="grid gap-0.5">
        {holds.map((time) => (
          <li key={time.deployment ?? ""} className="flex flex-wrap items-baseline gap-x-1.5">
            <NoteChip
              word={time.deployment === null ? "In force" : `In force for ${time.deployment}`}
              tone="met"
            />
            <span>
              {time.since !== null && (
                <>
                  since <When at={time.since} form="date" />
                </>
              )}
              {time.by !== null && ` by ${time.by}`}
            </span>
            {time.deployment !== null && <EndOwn deployment={time.deployment} onAsked={onEndAsked} />}
          </li>
        ))}
      </ul>
    );
  }
  const last = row.times[0];
  if (last?.until) {
    return (
      <>
        Was in force until <When at={last.until} form="date" />
      </>
    );
  }
  return stateWord(row) === "draft" ? <NoteChip word="Draft" tone="info" /> : "";
}

function EndOwn({ deployment, onAsked }: { deployment: string; onAsked: (deployment: string) => void }) {
  return (
    <Button
      tone="quiet"
      aria-label={`Let ${deployment} go by the default…`}
      onPress={() => onAsked(deployment)}
    >
      Go by the default…
    </Button>
  );
}

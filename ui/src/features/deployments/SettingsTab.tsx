// Settings as the provider's own API answered them, each with the call that answered it; importing more.

import { Button } from "@/components/Button";
import { Empty, Problem } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { Ticked } from "@/components/text/Ticked";
import { Missing, When } from "@/components/text/When";
import { SnapshotOutcome } from "@/features/deployments/SnapshotOutcome";
import type { DeploymentPage, SettingRow } from "@/lib/bindings";
import { words } from "@/lib/format";
import { host } from "@/lib/host";
import { useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

const COLUMNS: Column<SettingRow>[] = [
  {
    id: "name",
    title: "Setting",
    cell: (row) => (
      <>
        {row.name}
        <span className="block text-muted first-letter:uppercase">{words(row.topic)}</span>
      </>
    ),
  },
  { id: "value", title: "Value", cell: (row) => <Ticked text={row.value} /> },
  {
    id: "place",
    title: "Place",
    cell: (row) => <span className="[overflow-wrap:anywhere]">{row.place ?? <Missing />}</span>,
  },
  {
    id: "revealed_by",
    title: "Answered by",
    cell: (row) => (
      <div className="min-w-36 [overflow-wrap:anywhere]">
        <code>{row.revealed_by}</code>
        <span className="block text-muted">{row.source}</span>
      </div>
    ),
  },
  {
    id: "as_of",
    title: "Answered",
    cell: (row) => (
      <span className="whitespace-nowrap">
        <When at={row.as_of} form="date" />
      </span>
    ),
  },
];

export function SettingsTab({ page: { summary, settings } }: { page: DeploymentPage }) {
  const read = useDo("snapshots.import");
  const choose = () => {
    host()
      .pickFiles()
      .then((files) => {
        if (files.length > 0) read.mutate({ name: summary.name, handles: files.map((file) => file.handle) });
      })
      .catch(sayProblem);
  };
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-170 text-muted">
          Answers of the provider's API, saved as JSON: invocation logging, log groups, bucket lifecycles,
          retention mode, data residency, data sets, trails. Wrap an answer as{" "}
          <code>{'{"call": …, "region": …, "at": …, "answer": …}'}</code> so that its place and date are
          known.
        </p>
        <Button tone="primary" isDisabled={read.isPending} onPress={choose}>
          Import settings answers…
        </Button>
      </div>
      {read.error && <Problem error={read.error} what="import the settings answers" />}
      {read.data && <SnapshotOutcome outcome={read.data} />}
      {settings.length === 0 ? (
        <Empty title="No setting was collected yet">
          Checks of log retention, logging and the retention mode stay unknown until the provider's own
          answers are here. A vendor's default is not evidence of your setting.
        </Empty>
      ) : (
        <div className="rounded-control border border-line bg-surface">
          <Rows
            label="Collected settings"
            rows={settings}
            rowKey={(row) => `${row.name} ${row.place ?? ""}`}
            columns={COLUMNS}
          />
        </div>
      )}
    </div>
  );
}

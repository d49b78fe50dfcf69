// Deployments side by side: a row for each topic of data handling, a column for each deployment.

import { Link } from "@tanstack/react-router";
import { MarkChip, NoteChip } from "@/components/Chip";
import { Calls, ServedRegions } from "@/components/Figures";
import { KindMark, kindTitle } from "@/components/KindMark";
import { Ticked } from "@/components/text/Ticked";
import { Missing, When } from "@/components/text/When";
import { VerdictCounts } from "@/components/VerdictCounts";
import type { DeploymentSummary } from "@/lib/bindings";
import { count } from "@/lib/format";
import { type HandlingTopic, topicsOf } from "@/lib/handling";

type Column = { deployment: DeploymentSummary; topics: HandlingTopic[] };

export function Comparison({ deployments }: { deployments: readonly DeploymentSummary[] }) {
  const columns = deployments.map((deployment) => ({ deployment, topics: topicsOf(deployment.handling) }));
  const rows = columns[0]?.topics ?? [];
  return (
    <section
      aria-label="Comparison of deployments"
      tabIndex={0}
      className="relative overflow-x-auto rounded-control border border-line bg-surface"
    >
      <table className="w-full border-collapse">
        <thead>
          <tr className="bg-surface2 align-top">
            <th scope="col" className={`${STICKY} bg-surface2 text-sm text-muted`}>
              Topic
            </th>
            {columns.map(({ deployment }) => (
              <th
                key={deployment.name}
                scope="col"
                className="min-w-52 border-b border-line px-3 py-1.5 text-left"
              >
                <Link to="/deployments/$name" params={{ name: deployment.name }} className="hover:underline">
                  <KindMark kind={deployment.kind} name={deployment.name} />
                </Link>
                <div className="font-normal text-muted">{kindTitle(deployment.kind)}</div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row title="Calls" columns={columns} cell={({ deployment }) => <Calls of={deployment} />} />
          <Row
            title="Checks"
            columns={columns}
            cell={({ deployment }) => (
              <VerdictCounts verdicts={deployment.verdicts} deployment={deployment.name} />
            )}
          />
          {rows.map((row) => (
            <Row
              key={row.topic}
              title={row.title}
              columns={columns}
              cell={(column) => <TopicCell column={column} topic={row.topic} />}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const STICKY = "sticky left-0 z-1 w-30 min-w-30 border-r border-b border-line px-3 py-1.5 text-left";

type RowProps = {
  title: string;
  columns: readonly Column[];
  cell: (column: Column) => React.ReactNode;
};

function Row({ title, columns, cell }: RowProps) {
  return (
    <tr className="align-top">
      <th scope="row" className={`${STICKY} bg-surface`}>
        {title}
      </th>
      {columns.map((column) => (
        <td key={column.deployment.name} className="border-b border-line px-3 py-1.5">
          {cell(column)}
        </td>
      ))}
    </tr>
  );
}

function TopicCell({ column: { deployment, topics }, topic }: { column: Column; topic: string }) {
  const found = topics.find((other) => other.topic === topic);
  if (!found) return <Missing />;
  const { strongest, more } = found;
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap gap-1.5">
        <MarkChip mark={strongest.mark} />
        {strongest.review_due && <NoteChip tone="medium" word="Review due" />}
      </div>
      {topic === "residency" && strongest.mark === "observed" ? (
        <ServedRegions of={deployment} />
      ) : (
        <p>
          <Ticked text={strongest.statement} />
        </p>
      )}
      {strongest.source !== null && (
        <p className="text-sm text-muted">
          {strongest.source}
          {strongest.as_of !== null && (
            <>
              , <When at={strongest.as_of} form="date" />
            </>
          )}
        </p>
      )}
      {more.length > 0 && (
        <Link
          to="/deployments/$name"
          params={{ name: deployment.name }}
          search={{ tab: "handling" }}
          className="text-sm text-accent underline underline-offset-2"
        >
          {count(more.length)} more on this
        </Link>
      )}
    </div>
  );
}

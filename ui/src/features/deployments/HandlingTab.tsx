// Every statement on a deployment's data handling, by topic, with what it rests on.

import { MarkChip, NoteChip } from "@/components/Chip";
import { Ticked } from "@/components/text/Ticked";
import { Missing, When } from "@/components/text/When";
import type { DeploymentPage, HandlingLine } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { topicsOf } from "@/lib/handling";

export function HandlingTab({ page }: { page: DeploymentPage }) {
  const topics = topicsOf(page.summary.handling);
  const unknown = topics.filter((topic) => topic.strongest.mark === "unknown").length;
  const due = page.summary.handling.filter((line) => line.review_due).length;
  return (
    <div className="grid grid-cols-1 gap-3">
      <p className="max-w-200">
        {unknown === 0
          ? `Each of ${counted(topics.length, "topic")} has a statement.`
          : `Nothing is known of ${count(unknown)} of ${counted(topics.length, "topic")}.`}{" "}
        Only what is observed or configured was seen here; what a vendor states or somebody declared is their
        word.
        {due > 0 &&
          ` ${count(due)} of ${counted(page.summary.handling.length, "statement")} want to be read again.`}
      </p>
      <section
        aria-label="Statements on data handling"
        tabIndex={0}
        className="relative overflow-x-auto rounded-control border border-line bg-surface"
      >
        <table className="w-full border-collapse">
          <thead>
            <tr className="bg-surface2 text-left text-sm text-muted">
              {["Topic", "Known by", "Statement", "Source", "As of"].map((title) => (
                <th key={title} scope="col" className="border-b border-line px-3 py-1.5 whitespace-nowrap">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          {topics.map((topic) => (
            <tbody key={topic.topic}>
              {[topic.strongest, ...topic.more].map((line, index) => (
                <tr key={`${line.mark} ${line.statement}`} className="align-top">
                  {index === 0 && (
                    <th
                      scope="rowgroup"
                      rowSpan={1 + topic.more.length}
                      className="w-32 border-b border-line px-3 py-2 text-left"
                    >
                      {topic.title}
                    </th>
                  )}
                  <Line line={line} />
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </div>
  );
}

const CELL = "border-b border-line px-3 py-2";

function Line({ line }: { line: HandlingLine }) {
  return (
    <>
      <td className={`${CELL} w-32`}>
        <MarkChip mark={line.mark} />
      </td>
      <td className={`${CELL} min-w-64`}>
        <Ticked text={line.statement} />
      </td>
      <td className={`${CELL} w-52 min-w-36 text-muted [overflow-wrap:anywhere]`}>
        {line.source ?? <Missing />}
      </td>
      <td className={`${CELL} w-28 whitespace-nowrap`}>
        <div className="grid justify-items-start gap-1">
          <When at={line.as_of} form="date" />
          {line.review_due && <NoteChip tone="medium" word="Review due" />}
        </div>
      </td>
    </>
  );
}

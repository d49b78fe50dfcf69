// What finds entities: the models of names, and each recognizer with what it finds and its examples.

import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { type Column, Rows } from "@/components/table/Rows";
import { Ticked } from "@/components/text/Ticked";
import { typeName } from "@/features/redaction/entityTypes";
import { NamesPanel } from "@/features/redaction/NamesPanel";
import type { RecognizerRow } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { useAsk } from "@/lib/query";

const COLUMNS: readonly Column<RecognizerRow>[] = [
  { id: "name", title: "Recognizer", cell: (row) => <code>{row.name}</code> },
  {
    id: "type",
    title: "Entity type",
    cell: (row) => (
      <span className="entity whitespace-nowrap" data-category={row.category}>
        {typeName(row.entity_type)}
      </span>
    ),
  },
  {
    id: "category",
    title: "Category",
    cell: (row) => (row.category === "govid" ? "government id" : row.category),
  },
  { id: "about", title: "About", width: "36%", cell: (row) => <Ticked text={row.about} /> },
  {
    id: "examples",
    title: "Examples",
    width: "30%",
    cell: (row) =>
      row.examples.length === 0 ? (
        <span className="text-muted">{row.category === "secret" ? "not shown for secrets" : "none"}</span>
      ) : (
        <ul>
          {row.examples.slice(0, 3).map((example) => (
            <li key={example}>
              <code className="wrap-anywhere">{example}</code>
            </li>
          ))}
        </ul>
      ),
  },
];

export function RecognizersTab() {
  const asked = useAsk("redaction.recognizers", {});
  return (
    <div className="grid gap-4">
      <NamesPanel />
      <Answered asked={asked} what="the recognizers">
        {(rows) => (
          <Panel title={`${counted(rows.length, "recognizer")} that are part of the program`} flush>
            <Rows label="Recognizers" rows={rows} rowKey={(row) => row.name} columns={COLUMNS} />
          </Panel>
        )}
      </Answered>
    </div>
  );
}

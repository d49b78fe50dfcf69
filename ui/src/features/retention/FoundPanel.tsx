// What a search found of a person, in counts; what goes, what stays, what was not searched.

import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Sentences } from "@/components/Sentences";
import type { Amount, FoundSubject } from "@/lib/bindings";
import { bytes, count, counted } from "@/lib/format";

type Props = { found: FoundSubject; onErase: () => void };

function list(rows: readonly Amount[]): string {
  return rows.map((row) => `${count(row.count)} ${row.what}`).join(", ");
}

export function FoundPanel({ found, onErase }: Props) {
  const isNothing = found.records === 0 && found.also.length === 0 && found.files.length === 0;
  const files = (why: string) =>
    found.files.filter((file) => file.why === why).map((file) => `${file.name} (${bytes(file.bytes)})`);
  const going = files("holds");
  const unsearchable = files("unsearchable");
  return (
    <Panel
      title="What would go"
      actions={
        isNothing ? null : (
          <Button tone="danger" onPress={onErase}>
            Erase it…
          </Button>
        )
      }
    >
      <div className="grid gap-3">
        {isNothing && <p>Nothing of this stands in the {counted(found.searched, "record")} searched.</p>}
        {found.holds.map((hold) => (
          <div key={hold.hold}>
            <NoteChip
              word={`${counted(hold.records, "record")} blocked by hold ${hold.hold}`}
              tone="medium"
            />
          </div>
        ))}
        <Facts
          facts={[
            ...found.identifiers.map((row) => ({
              name: row.masked,
              value: counted(row.records, "record"),
            })),
            {
              name: "Records that go",
              value: `${count(found.records - found.held)} of ${counted(found.searched, "record")} searched`,
            },
            {
              name: "These are",
              value: `${counted(found.calls, "call")}, ${counted(found.activities, "activity", "activities")}, ${count(found.others)} of what this program did`,
            },
            { name: "Found in", value: found.places.length === 0 ? "Nothing" : list(found.places) },
            {
              name: "Without one of them",
              value: `${count(found.joined)} of the same calls, ${count(found.in_conversations)} of the same conversations`,
            },
            {
              name: "Same conversations, stay",
              value: counted(found.conversations_beside, "call"),
            },
            { name: "Also go", value: found.also.length === 0 ? "Nothing" : list(found.also) },
            { name: "Files that go", value: going.length === 0 ? "None" : going.join(", ") },
            {
              name: "Files that can't be searched",
              value: unsearchable.length === 0 ? "None" : unsearchable.join(", "),
            },
            {
              name: "Stays: look at it",
              value: found.to_decide.length === 0 ? "Nothing" : list(found.to_decide),
            },
          ]}
        />
        <h3>Not searched</h3>
        <Sentences of={found.not_searched} />
        <h3>Not reached</h3>
        <Sentences of={found.not_reached} />
      </div>
    </Panel>
  );
}

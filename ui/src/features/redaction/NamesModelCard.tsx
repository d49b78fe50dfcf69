// A model that is plugged in: whether it can be used, what it is, what it takes, and a try.

import { Facts } from "@/components/Facts";
import { typeTitle } from "@/features/redaction/entityTypes";
import { NamesModelTry } from "@/features/redaction/NamesModelTry";
import type { NamesLabel, PluggedModel } from "@/lib/bindings";
import { bytes } from "@/lib/format";

function named(labels: readonly NamesLabel[]): string {
  return labels.map((label) => label.label).join(", ");
}

export function NamesModelCard({ model }: { model: PluggedModel }) {
  const taken = model.labels.filter((label) => label.entity_type !== null);
  const left = model.labels.filter((label) => label.entity_type === null);
  const kinds = [...new Set(taken.map((label) => label.entity_type ?? ""))];
  return (
    <>
      {model.refused !== null && (
        <div role="alert" className="grid gap-1 rounded-control border border-danger p-3">
          <p className="text-danger wrap-anywhere">{model.refused}</p>
          {model.hint && <p className="wrap-anywhere">{model.hint}</p>}
          <p>
            Until then whatever needs the level full is refused: finding less would look like finding all.
          </p>
        </div>
      )}
      <Facts
        facts={[
          { name: "Model", value: model.name },
          { name: "Folder", value: <code className="wrap-anywhere">{model.folder}</code> },
          { name: "SHA-256", value: <code className="wrap-anywhere">{model.sha256}</code> },
          {
            name: "Plugged in",
            value: `${model.set_at.slice(0, 16).replace("T", " ")} UTC by ${model.set_by}`,
          },
          {
            name: "Files",
            value: (
              <ul>
                {model.files.map((file) => (
                  <li key={file.name}>
                    <code>{file.name}</code>, {bytes(file.size_bytes)},{" "}
                    <code className="text-muted wrap-anywhere">{file.sha256.slice(0, 16)}…</code>
                  </li>
                ))}
              </ul>
            ),
          },
          ...(model.ready
            ? [
                {
                  name: "Labels taken",
                  value: (
                    <ul>
                      {kinds.map((kind) => (
                        <li key={kind}>
                          {typeTitle(kind)}: {named(taken.filter((label) => label.entity_type === kind))}
                        </li>
                      ))}
                    </ul>
                  ),
                },
                {
                  name: "Not taken",
                  value: left.length === 0 ? "none" : named(left),
                },
              ]
            : []),
        ]}
      />
      {model.ready && <NamesModelTry />}
    </>
  );
}

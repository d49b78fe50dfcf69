// Where a record came from, to the byte, and its place in the evidence tree.

import { Facts } from "@/components/Facts";
import { Id } from "@/components/text/Id";
import { Missing, When } from "@/components/text/When";
import type { Provenance } from "@/lib/bindings";
import { bytes, count, visible, words } from "@/lib/format";

export function Origin({ provenance }: { provenance: Provenance }) {
  return (
    <div className="grid gap-4 p-4">
      <Facts
        facts={[
          { name: "Source", value: words(provenance.source) },
          { name: "Format", value: provenance.format },
          { name: "File", value: <span className="break-all">{visible(provenance.path)}</span> },
          { name: "Line", value: count(provenance.line) },
          { name: "Offset", value: `${count(provenance.offset)} bytes` },
          { name: "Length", value: bytes(provenance.length) },
          {
            name: "SHA-256",
            value:
              provenance.sha256 === null ? (
                "Not there any more: the record was erased"
              ) : (
                <Id id={provenance.sha256} label="hash of the record" />
              ),
          },
          {
            name: "SHA-256 of the file",
            value:
              provenance.file_sha256 === null ? (
                <Missing />
              ) : (
                <Id id={provenance.file_sha256} label="hash of the file" />
              ),
          },
          { name: "Imported", value: <When at={provenance.imported_at} /> },
          { name: "Import batch", value: provenance.batch },
        ]}
      />
      <h3>Evidence</h3>
      <Facts
        facts={[
          { name: "Leaf", value: `#${count(provenance.leaf)} of the evidence tree` },
          { name: "Commitment", value: <Id id={provenance.commitment} label="commitment" /> },
        ]}
      />
      <p className="text-muted">
        The commitment was written in the same transaction as the record. An evidence pack proves that the
        record stands in the tree. It can't prove that the source's log was complete before it was imported.
      </p>
    </div>
  );
}

// The store: where it lies, how large it is, what wrote it.

import { Facts } from "@/components/Facts";
import { EncryptionPanel } from "@/features/settings/EncryptionPanel";
import { TextIndex } from "@/features/settings/TextIndex";
import type { About } from "@/lib/bindings";
import { bytes } from "@/lib/format";

export function StoreTab({ about }: { about: About }) {
  return (
    <div className="grid max-w-180 gap-3">
      <Facts
        facts={[
          { name: "Folder", value: <code className="break-all">{about.store}</code> },
          { name: "Size", value: bytes(about.store_bytes) },
          { name: "Schema", value: `Version ${about.schema}` },
          { name: "SQLite", value: about.sqlite },
          {
            name: "Records",
            value: about.sample ? "Sample data: everything here was generated" : "Imported by you",
          },
        ]}
      />
      <p className="text-muted">Several windows may read it at once; one may write.</p>
      <EncryptionPanel />
      <TextIndex />
    </div>
  );
}

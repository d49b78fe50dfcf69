// What an export wrote: where, how much, its hash, and how to check it.

import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { Id } from "@/components/text/Id";
import type { EvidencePack, ExportedRows } from "@/lib/bindings";
import { bytes, count, counted } from "@/lib/format";
import { host } from "@/lib/host";

export type Exported = { kind: "pack"; pack: EvidencePack } | { kind: "rows"; rows: ExportedRows };

type Props = {
  done: Exported;
  /** One record, and several. */
  word: readonly [string, string];
  isOpen: boolean;
  onClosed: () => void;
};

export function ExportWritten({ done, word, isOpen, onClosed }: Props) {
  const file = done.kind === "pack" ? done.pack : done.rows;
  return (
    <Dialog
      title={done.kind === "pack" ? "Evidence pack written" : "Export written"}
      isOpen={isOpen}
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Close</Button>
          {host().kind === "browser" && (
            <>
              {done.kind === "rows" && (
                <Button onPress={() => void host().download(done.rows.manifest_handle)}>
                  Download the manifest
                </Button>
              )}
              <Button tone="primary" onPress={() => void host().download(file.handle)}>
                Download
              </Button>
            </>
          )}
        </>
      }
    >
      <p>
        {done.kind === "pack"
          ? counted(done.pack.records, "record")
          : counted(done.rows.rows, word[0], word[1])}
        {done.kind === "rows" && done.rows.sheets !== null && done.rows.sheets > 1
          ? ` in ${counted(done.rows.sheets, "sheet")}`
          : ""}
        , {bytes(file.bytes)}, written to <span className="break-all">{file.path}</span>.
      </p>
      <p>
        SHA-256 <Id id={file.sha256} label="hash of the file" />
      </p>
      {done.kind === "pack" ? (
        <p className="text-muted">Anybody can check it: the pack holds a HOWTO, the hashes and the proofs.</p>
      ) : (
        <p className="text-muted">
          Beside it lies the manifest with the query, the columns, the number of rows and this hash; leaf #
          {count(done.rows.written_leaf)} of the trail says the same. <code>assay trail export verify</code>{" "}
          checks the file against it.
        </p>
      )}
    </Dialog>
  );
}

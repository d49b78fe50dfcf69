// A pack that was written: where it is, its hash, what it holds.

import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Id } from "@/components/text/Id";
import { AccountedFor } from "@/features/evidence/AccountedFor";
import type { EvidencePack } from "@/lib/bindings";
import { bytes, count, counted } from "@/lib/format";
import { host } from "@/lib/host";
import { sayProblem } from "@/lib/toasts";

export function PackWritten({ pack }: { pack: EvidencePack }) {
  return (
    <div role="status" className="grid gap-2 border-t border-line pt-3">
      <p>
        Wrote {counted(pack.records, "record")}, {bytes(pack.bytes)}
        {pack.signed ? "." : ". It is not signed: nobody vouches for its checkpoint."}
      </p>
      <AccountedFor counts={pack.counts} />
      <Facts
        facts={[
          { name: "File", value: <code className="break-all">{pack.path}</code> },
          ...(pack.fingerprint === null
            ? []
            : [{ name: "First key", value: <code className="break-words">{pack.fingerprint}</code> }]),
          ...(pack.continues.length === 0
            ? []
            : [
                {
                  name: "Continues",
                  value: `the checkpoints of ${pack.continues.map(count).join(" and ")} leaves`,
                },
              ]),
          { name: "SHA-256", value: <Id id={pack.sha256} label="the SHA-256" /> },
          { name: "Root", value: <Id id={pack.root} label="the root" /> },
        ]}
      />
      {host().kind === "browser" && (
        <div>
          <Button onPress={() => void host().download(pack.handle).catch(sayProblem)}>Download</Button>
        </div>
      )}
    </div>
  );
}

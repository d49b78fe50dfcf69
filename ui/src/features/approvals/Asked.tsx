// What is asked: in words, and exactly.

import type { ReactNode } from "react";
import { Facts } from "@/components/Facts";
import { Sentences } from "@/components/Sentences";
import { Id } from "@/components/text/Id";
import { When } from "@/components/text/When";
import type { Signer } from "@/lib/bindings";

type Props = {
  says: readonly string[];
  content: string;
  sha256: string;
  by: Signer;
  /** What is said beside the key that asks. */
  note?: ReactNode;
  askedAt: string;
  until: string;
  more?: readonly { name: string; value: ReactNode }[];
  /** What stands beside the sentences. */
  children?: ReactNode;
};

export function Asked({ says, content, sha256, by, note, askedAt, until, more = [], children }: Props) {
  return (
    <div className="grid gap-3">
      <Sentences of={says} />
      {children}
      <Facts
        facts={[
          { name: "Asked by", value: by.name },
          {
            name: "Key that asks",
            value: (
              <>
                <code className="break-words">{by.fingerprint}</code>
                {note && <span className="block">{note}</span>}
              </>
            ),
          },
          { name: "Asked", value: <When at={askedAt} /> },
          { name: "Good until", value: <When at={until} /> },
          ...more,
          { name: "SHA-256 of it", value: <Id id={sha256} label="the SHA-256" /> },
        ]}
      />
      <details>
        <summary className="cursor-default text-muted">Exactly what is signed</summary>
        <section
          tabIndex={0}
          aria-label="Exactly what is signed"
          className="mt-1 max-h-48 overflow-auto rounded-control bg-surface2 p-2 text-sm"
        >
          <pre className="[overflow-wrap:anywhere] whitespace-pre-wrap">{content}</pre>
        </section>
      </details>
    </div>
  );
}

// An id or hash: its middle is cut on screen; whole in the tooltip, for screen readers and when copied.

import { Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { shortId } from "@/lib/format";

type Props = { id: string; label: string };

export function Id({ id, label }: Props) {
  const [copied, setCopied] = useState(false);
  return (
    <span className="inline-flex items-center gap-1">
      <code title={id}>
        <span aria-hidden>{shortId(id)}</span>
        <span className="sr-only">{id}</span>
      </code>
      <Button
        aria-label={copied ? `${label} copied` : `Copy ${label}`}
        className="inline-flex size-6 items-center justify-center rounded-chip text-subtle hover:bg-hover"
        onPress={() => {
          navigator.clipboard.writeText(id).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      >
        {copied ? <span className="text-sm">✓</span> : <Copy aria-hidden size={13} />}
      </Button>
    </span>
  );
}

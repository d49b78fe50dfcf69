// Where a call holds the words that were searched for, masked.

import type { Excerpt as Found } from "@/lib/bindings";
import { visible, words } from "@/lib/format";
import { useAsk } from "@/lib/query";

export function Excerpt({ query, id }: { query: string; id: string }) {
  const { data, isPlaceholderData } = useAsk(
    "trail.excerpts",
    { query, ids: [id] },
    { enabled: query !== "" },
  );
  const found = data?.[0];
  if (!found || isPlaceholderData) return null;
  return (
    <section aria-label="Match" className="rounded-control bg-surface2 px-3 py-2">
      <h3 className="mb-1 text-sm font-semibold text-muted">
        Match{found.field && ` in ${words(found.field)}`}
      </h3>
      <Pieces found={found} />
    </section>
  );
}

export function Pieces({ found }: { found: Found }) {
  if (found.hidden)
    return (
      <p className="text-muted">The words stand in masked text: the call is found, the text not shown.</p>
    );
  return (
    <p className="break-words [unicode-bidi:isolate]" dir="auto">
      {found.pieces.map((piece, index) =>
        piece.mark ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          <mark key={index} className="rounded-chip bg-selected font-semibold text-ink">
            {visible(piece.text)}
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          <span key={index}>{visible(piece.text)}</span>
        ),
      )}
    </p>
  );
}

// Some calls by their ids; each opens in the trail, masked.

import { Link } from "@tanstack/react-router";
import { shortId } from "@/lib/format";

export function CallLinks({ ids }: { ids: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {ids.map((id) => (
        <Link
          key={id}
          to="/trail"
          search={{ q: `id:${id}`, rec: id }}
          title={`Opens the call ${id}`}
          className="text-accent underline underline-offset-2"
        >
          <code>{shortId(id)}</code>
        </Link>
      ))}
    </span>
  );
}

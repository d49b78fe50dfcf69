// Which legal holds keep a record.

import { Link } from "@tanstack/react-router";
import { visible } from "@/lib/format";

export function HeldBy({ holds }: { holds: readonly string[] }) {
  if (holds.length === 0) return null;
  return (
    <p className="chip-medium rounded-control p-3">
      Held by {holds.map(visible).join(", ")}: no rule and no request erases it.{" "}
      <Link to="/retention" search={{ tab: "holds" }} className="underline">
        Legal holds
      </Link>
    </p>
  );
}

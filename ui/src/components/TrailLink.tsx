// A number that opens the calls behind it.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { visible } from "@/lib/format";

type Props = { query: string; children: ReactNode; tab?: "calls" | "activities" };

export function TrailLink({ query, children, tab }: Props) {
  return (
    <Link
      to="/trail"
      search={tab === undefined ? { q: query } : { q: query, tab }}
      className="text-accent underline decoration-1 underline-offset-2 hover:decoration-2"
      title={query === "" ? "Opens all calls in the trail" : `Opens in the trail: ${visible(query)}`}
    >
      {children}
    </Link>
  );
}

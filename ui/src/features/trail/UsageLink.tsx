// A figure that opens the rows of the provider's report behind it.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AskUsage } from "@/lib/bindings";

type Props = { asked: AskUsage; children: ReactNode };

export function UsageLink({ asked, children }: Props) {
  const { from, to, model, report } = asked;
  return (
    <Link
      to="/trail/usage"
      search={{
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(model === undefined ? {} : { model }),
        ...(report === undefined ? {} : { report }),
        ...(asked.counts === undefined ? {} : { counts: asked.counts ? "yes" : "no" }),
      }}
      className="text-accent underline decoration-1 underline-offset-2 hover:decoration-2"
      title="Opens the rows of the report"
    >
      {children}
    </Link>
  );
}

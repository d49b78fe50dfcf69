// One thing that wants attention: how bad it is, what it is, and where it opens.

import { useNavigate } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { SeverityChip } from "@/components/Chip";
import { Ticked } from "@/components/text/Ticked";
import type { Attention } from "@/lib/bindings";

type Props = { item: Attention; isFirst: boolean };

export function AttentionLine({ item, isFirst }: Props) {
  const navigate = useNavigate();
  const open = () => {
    if (item.finding !== null) void navigate({ to: "/checks/$finding", params: { finding: item.finding } });
    else if (item.query !== null) void navigate({ to: "/trail", search: { q: item.query } });
    else if (item.approvals) void navigate({ to: "/approvals" });
    else if (item.screen === "retention") void navigate({ to: "/retention" });
    else void navigate({ to: "/imports" });
  };
  return (
    <li className="flex items-start gap-3 border-b border-line px-4 py-1.5 hover:bg-hover">
      <span className="w-20 shrink-0 pt-1">
        <SeverityChip severity={item.severity} />
      </span>
      <span className="min-w-0 flex-1 pt-1">
        <Ticked text={item.title} />
        {item.deployment !== null && (
          <>
            {" "}
            <span className="inline-block max-w-full text-muted [overflow-wrap:anywhere]">
              · {item.deployment}
            </span>
          </>
        )}
      </span>
      <Button tone={isFirst ? "primary" : "plain"} aria-label={`Open: ${item.title}`} onPress={open}>
        Open
      </Button>
    </li>
  );
}

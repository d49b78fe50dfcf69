// The bar at the top: whose store this is, the palette, the time zone, running work.

import { Search } from "lucide-react";
import type { Open } from "@/app/Shell";
import { Button } from "@/components/Button";
import { useJobs } from "@/lib/jobs";
import { useAsk } from "@/lib/query";

export function TopBar({ onOpened }: { onOpened: (what: Open) => void }) {
  const about = useAsk("settings.about", {});
  const running = useJobs().filter((job) => job.state === "running").length;
  return (
    <header data-frame className="flex h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-3">
      <div className="flex min-w-0 items-center gap-2">
        <span className="text-md font-semibold">Assay</span>
        {about.data?.organisation && <span className="truncate text-muted">{about.data.organisation}</span>}
      </div>
      <div className="flex-1" />
      <Button onPress={() => onOpened("palette")} className="justify-between min-[700px]:min-w-60">
        <span className="flex items-center gap-2 text-muted">
          <Search aria-hidden size={14} />
          <span className="max-[700px]:sr-only">Search or run a command…</span>
        </span>
        <kbd className="max-[700px]:hidden rounded-chip bg-surface2 px-1 font-mono text-sm text-muted">
          Ctrl K
        </kbd>
      </Button>
      <span
        className="text-sm text-muted max-[480px]:hidden"
        title="All times are shown in Coordinated Universal Time"
      >
        Times: UTC
      </span>
      <Button onPress={() => onOpened("jobs")}>{running === 0 ? "Jobs" : `Jobs ${running}`}</Button>
    </header>
  );
}

// The bar at the bottom: the store, the evidence tree, running work, the sign of sample data.

import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { progressText } from "@/components/ProgressBar";
import { bytes } from "@/lib/format";
import { useJobs } from "@/lib/jobs";
import { useAsk } from "@/lib/query";
import { standing } from "@/lib/standing";

export function StatusBar({ onJobs }: { onJobs: () => void }) {
  const about = useAsk("settings.about", {});
  const evidence = useAsk("evidence.status", {});
  const running = useJobs().find((job) => job.state === "running");
  return (
    <footer
      data-frame
      className="flex min-h-6 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-3 text-sm whitespace-nowrap text-muted"
    >
      {about.data && (
        <Link to="/settings" title={about.data.store} className="hover:text-ink">
          Store on this computer · {bytes(about.data.store_bytes)}
        </Link>
      )}
      {about.data?.encrypted && (
        <Link
          to="/settings"
          search={{ tab: "store" }}
          title="Every page of the store's file is encrypted"
          className="flex items-center gap-1 hover:text-ink"
        >
          <Lock aria-hidden size={12} />
          Encrypted
        </Link>
      )}
      {evidence.data && (
        <Link to="/evidence" className="hover:text-ink" title={evidence.data.sentences.join(" ")}>
          {standing(evidence.data)}
        </Link>
      )}
      {about.data?.offline && <span>Offline: nothing but this computer is reached</span>}
      <span className="flex-1" />
      {running && (
        <button type="button" onClick={onJobs} className="truncate hover:text-ink">
          {running.title} · {progressText(running)}
        </button>
      )}
      {about.data?.sample && (
        <span className="chip-medium rounded-chip px-1.5 font-semibold" title="Everything here was generated">
          Sample data
        </span>
      )}
    </footer>
  );
}

// How far long work has come: rate and time left where they are known.

import { ProgressBar as AriaProgressBar } from "react-aria-components";
import type { Job } from "@/lib/bindings";
import { bytes, count, duration } from "@/lib/format";

function amount(job: Job, value: number): string {
  return job.unit === "bytes" ? bytes(value) : count(value);
}

/** "41.2 MB of 120 MB · 18.3 MB/s · 4 s left" */
export function progressText(job: Job): string {
  const parts = [
    job.total === null ? amount(job, job.done) : `${amount(job, job.done)} of ${amount(job, job.total)}`,
  ];
  if (job.total === null && job.done === 0 && !job.unit) return "Starting…";
  if (job.unit && job.unit !== "bytes") parts[0] += ` ${job.unit}`;
  if (job.rate !== null) parts.push(`${amount(job, Math.round(job.rate))}/s`);
  if (job.eta_s !== null)
    parts.push(`${duration(Math.max(1, Math.round(job.eta_s)) * 1000).replace(".0", "")} left`);
  return parts.join(" · ");
}

export function ProgressBar({ job }: { job: Job }) {
  const known = job.total !== null && job.total > 0;
  return (
    <AriaProgressBar
      aria-label={job.title}
      value={known && job.total !== null ? Math.min(job.done, job.total) : 0}
      maxValue={known ? (job.total ?? 1) : 1}
      isIndeterminate={!known}
      valueLabel={progressText(job)}
      className="grid gap-1"
    >
      <div className="h-1.5 overflow-hidden rounded-chip bg-surface2">
        <div
          className="h-full bg-accent"
          style={{
            width: known && job.total !== null ? `${Math.min(100, (job.done / job.total) * 100)}%` : "100%",
          }}
        />
      </div>
      <div className="text-sm text-muted">{progressText(job)}</div>
    </AriaProgressBar>
  );
}

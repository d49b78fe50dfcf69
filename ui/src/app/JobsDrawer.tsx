// Running and ended work of this session.

import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { ProgressBar } from "@/components/ProgressBar";
import type { Job } from "@/lib/bindings";
import { count, duration, words } from "@/lib/format";
import { useJobs } from "@/lib/jobs";
import { useDo } from "@/lib/query";

type Props = { isOpen: boolean; onClosed: () => void };

export function JobsDrawer({ isOpen, onClosed }: Props) {
  const jobs = useJobs();
  return (
    <Dialog
      title="Jobs"
      isOpen={isOpen}
      onClosed={onClosed}
      actions={<Button onPress={onClosed}>Close</Button>}
    >
      {jobs.length === 0 ? (
        <p className="text-muted">
          Nothing has run in this session. Imports, checks, replays and reports appear here.
        </p>
      ) : (
        <ul className="grid gap-3">
          {jobs.map((job) => (
            <li key={job.id} className="grid gap-1 border-b border-line pb-3">
              <JobLine job={job} />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function JobLine({ job }: { job: Job }) {
  const cancel = useDo("jobs.cancel");
  const counts = Object.entries(job.counts);
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <span className="font-semibold">{job.title}</span>
        {job.state === "running" ? (
          <Button onPress={() => cancel.mutate({ job: job.id })}>Stop</Button>
        ) : (
          <span className="text-sm text-muted">
            {words(job.state)} after {duration(job.elapsed_ms)}
          </span>
        )}
      </div>
      {job.state === "running" && (
        <>
          <div className="text-sm text-muted">{job.phase}</div>
          <ProgressBar job={job} />
          <div className="text-sm text-muted">Stopping keeps what was acknowledged.</div>
        </>
      )}
      {counts.length > 0 && (
        <div className="text-sm text-muted">
          {counts.map(([name, value]) => `${count(value)} ${words(name)}`).join(" · ")}
        </div>
      )}
      {job.error && job.state === "failed" && <div className="text-danger">{job.error.message}</div>}
    </>
  );
}

// How far a run has come, and stopping it.

import { Button } from "@/components/Button";
import { ProgressBar } from "@/components/ProgressBar";
import type { Job } from "@/lib/bindings";
import { useDo } from "@/lib/query";

export function RunProgress({ job }: { job: Job }) {
  const cancel = useDo("jobs.cancel");
  return (
    <div className="grid gap-2 rounded-control border border-line bg-surface p-4">
      <ProgressBar job={job} />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          isDisabled={cancel.isPending || cancel.isSuccess}
          onPress={() => cancel.mutate({ job: job.id })}
        >
          {cancel.isSuccess ? "Stopping…" : "Stop"}
        </Button>
        <span className="text-muted">
          Stops sending and keeps what is done. The call in flight is finished and charged; one that waits to
          be sent again is listed as unknown.
        </span>
      </div>
    </div>
  );
}

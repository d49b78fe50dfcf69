// A job that works on stored calls: how far it is, stopping it, and why it ended without a result.

import { Button } from "@/components/Button";
import { ProgressBar } from "@/components/ProgressBar";
import { Problem } from "@/components/States";
import type { Job } from "@/lib/bindings";
import { useDo } from "@/lib/query";

export function JobLine({ job, what }: { job: Job; what: string }) {
  const cancel = useDo("jobs.cancel");
  if (job.state === "done") return null;
  if (job.state === "cancelled") {
    return (
      <p role="status" className="text-muted">
        Stopped. What was counted until then is not shown: it would stand for a part only.
      </p>
    );
  }
  if (job.error) return <Problem error={job.error} what={what} />;
  return (
    <div className="grid gap-2 rounded-control border border-line bg-surface p-4">
      <ProgressBar job={job} />
      <div>
        <Button
          isDisabled={cancel.isPending || cancel.isSuccess}
          onPress={() => cancel.mutate({ job: job.id })}
        >
          {cancel.isSuccess ? "Stopping…" : "Stop"}
        </Button>
      </div>
    </div>
  );
}

// The import that runs: rate, time left, and Stop.

import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { count, words } from "@/lib/format";
import { useJobs } from "@/lib/jobs";
import { useDo } from "@/lib/query";

export function Running() {
  const cancel = useDo("jobs.cancel");
  const running = useJobs().filter((job) => job.command === "imports.start" && job.state === "running");
  return running.map((job) => (
    <Panel
      key={job.id}
      title={job.title}
      actions={<Button onPress={() => cancel.mutate({ job: job.id })}>Stop</Button>}
    >
      <div className="grid gap-2">
        <p className="truncate text-muted">{job.phase}</p>
        <ProgressBar job={job} />
        <p className="text-sm text-muted">
          {Object.entries(job.counts)
            .map(([name, value]) => `${count(value ?? 0)} ${words(name)}`)
            .join(" · ")}
          . Stopping keeps what was acknowledged; importing the file again adds the rest.
        </p>
      </div>
    </Panel>
  ));
}

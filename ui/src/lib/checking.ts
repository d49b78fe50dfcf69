// Running the checks, from whichever screen; how the running ones stand.

import type { Job } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { run, useJobs } from "@/lib/jobs";
import { say, sayProblem } from "@/lib/toasts";

/** Runs all checks and says how it ended. */
export function runChecks(): void {
  run("checks.run", { deployments: [] }).then((done) => {
    const all = done.met + done.not_met + done.unknown + done.waived;
    say(
      `Checks ran: ${done.not_met} not met, ${done.unknown} unknown, ${done.waived} waived, ${done.met} met, of ${counted(all, "answer")}`,
    );
  }, sayProblem);
}

/** The job that runs the checks now, wherever it was started. */
export function useRunningChecks(): Job | undefined {
  return useJobs().find((job) => job.command === "checks.run" && job.state === "running");
}

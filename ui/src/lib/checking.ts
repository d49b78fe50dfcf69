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

/** What the last answers don't cover, because it came after them or was never asked about. */
export function notCovered(
  imported: number,
  changed: readonly string[],
  unchecked: readonly string[],
  policyChanged: boolean,
): string[] {
  const parts: string[] = [];
  if (imported > 0) parts.push(`${counted(imported, "record")} imported since`);
  if (changed.length > 0) parts.push(`definition or settings changed since: ${changed.join(", ")}`);
  if (unchecked.length > 0) parts.push(`never checked: ${unchecked.join(", ")}`);
  if (policyChanged) parts.push("another redaction policy is in force since");
  return parts;
}

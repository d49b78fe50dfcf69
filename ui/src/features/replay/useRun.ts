// One run and the job that carries it out, where it still runs in this session.

import { useJobs } from "@/lib/jobs";
import { useAsk } from "@/lib/query";

export function useRun(id: string) {
  const asked = useAsk("replay.show", { run: id });
  const job = useJobs().find((other) => other.subject === id && other.state === "running");
  return { asked, job };
}

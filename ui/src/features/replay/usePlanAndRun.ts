// The plan of the present choices, and starting it. A plan of other choices is never started.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { RUN_STATES } from "@/features/replay/states";
import type { PlanReplay, ReplayPlan, StartReplay, WireError } from "@/lib/bindings";
import { run, useJob } from "@/lib/jobs";
import { useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

type PlanAndRun = {
  plan: ReplayPlan | undefined;
  /** The choices are others than those of the plan. */
  isStale: boolean;
  isPlanning: boolean;
  planError: WireError | null;
  makePlan: () => void;
  isStarting: boolean;
  start: (confirmed: Omit<StartReplay, "plan">) => void;
  /** The run that was started here, once it is in the store. */
  begun: string | undefined;
};

/** What a job's phase is before its first step, when its run isn't in the store yet. */
const NOT_BEGUN = "Starting";

export function usePlanAndRun(request: PlanReplay): PlanAndRun {
  const navigate = useNavigate();
  const planning = useDo("replay.plan");
  const [jobId, setJobId] = useState<number | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const job = useJob(jobId);
  const plan = planning.data;
  return {
    plan,
    isStale: plan !== undefined && JSON.stringify(planning.variables) !== JSON.stringify(request),
    isPlanning: planning.isPending,
    planError: planning.error,
    makePlan: () => planning.mutate(request),
    isStarting,
    start: (confirmed) => {
      if (plan === undefined) return;
      setIsStarting(true);
      run("replay.start", { plan: plan.id, ...confirmed }, setJobId)
        .then((ended) => {
          say(`Replay ${(RUN_STATES[ended.state] ?? ended.state).toLowerCase()}.`);
          // A person who went elsewhere meanwhile stays there.
          if (location.pathname === "/replay") {
            void navigate({ to: "/replay/$run", params: { run: ended.id } });
          }
        }, sayProblem)
        .finally(() => setIsStarting(false));
    },
    begun: job && job.phase !== NOT_BEGUN ? job.subject : undefined,
  };
}

// Long work: what the engine's events tell of it, for the drawer and for the screen that began it.

import { useSyncExternalStore } from "react";
import type { Event, Job, WireError } from "@/lib/bindings";
import { call, type Input, type JobName, type Output } from "@/lib/call";
import { host } from "@/lib/host";
import { allChanged, changed } from "@/lib/query";
import { shown } from "@/lib/untrusted";

let jobs: readonly Job[] = [];
const listeners = new Set<() => void>();
const waiting = new Map<number, (job: Job) => void>();

function heard(event: Event): void {
  if (event.type === "changed") {
    changed(event.tags);
    return;
  }
  const job = shown(event.job);
  const known = jobs.some((other) => other.id === job.id);
  jobs = known ? jobs.map((other) => (other.id === job.id ? job : other)) : [job, ...jobs];
  for (const listener of listeners) listener();
  if (job.state !== "running") {
    waiting.get(job.id)?.(job);
    waiting.delete(job.id);
  }
}

/** Learns of all jobs as they stand: of those that ran before this window, or while it was deaf. */
function learn(): void {
  call("jobs.list", {}).then(
    (newestFirst) => {
      for (const job of newestFirst.toReversed()) heard({ type: "job", job });
    },
    () => undefined,
  );
}

/** Listens to the engine; the answer stops it. */
export function listenToJobs(): () => void {
  const stop = host().onEvent(heard, () => {
    learn();
    allChanged();
  });
  learn();
  return stop;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All jobs of this session, newest first. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(subscribe, () => jobs);
}

/** One job as it stands. */
export function useJob(id: number | null): Job | undefined {
  return useJobs().find((job) => job.id === id);
}

/** The newest job of a command as it stands, and its result once it is done. */
export function useNewest<Name extends JobName>(name: Name): { job?: Job; result?: Output<Name> } {
  const job = useJobs().find((other) => other.command === name);
  if (!job) return {};
  return job.state === "done" ? { job, result: job.result as Output<Name> } : { job };
}

/**
 * Starts a job and answers its result at its end.
 *
 * Rejects with the job's error, also where it was cancelled. `started` hears the job's id at once.
 */
export async function run<Name extends JobName>(
  name: Name,
  input: Input<Name>,
  started?: (id: number) => void,
): Promise<Output<Name>> {
  const { job: id } = await call(name, input);
  started?.(id);
  const ended = jobs.find((job) => job.id === id && job.state !== "running");
  const job = ended ?? (await new Promise<Job>((resolve) => waiting.set(id, resolve)));
  if (job.state === "done") return job.result as Output<Name>;
  const error: WireError = job.error ?? { code: "cancelled", message: "stopped", hint: null };
  throw error;
}

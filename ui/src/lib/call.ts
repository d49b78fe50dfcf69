// Commands of the engine, typed by the generated bindings.
//
// In: a command's name and input. Out: its output, or a `WireError`. Not here: caching (`query.ts`).

import { type Commands, effects, type Started, type WireError } from "@/lib/bindings";
import { host } from "@/lib/host";
import { shown } from "@/lib/untrusted";

export type CommandName = keyof Commands;
export type Input<Name extends CommandName> = Commands[Name]["input"];
/** What a command ends with; for a job what its last event carries. */
export type Output<Name extends CommandName> = Commands[Name]["output"];
export type JobName = {
  [Name in CommandName]: Commands[Name]["form"] extends "job" ? Name : never;
}[CommandName];
export type PlainName = Exclude<CommandName, JobName>;
/** What a command answers at once: a job says only which job it is. */
export type Answer<Name extends CommandName> = Name extends JobName ? Started : Output<Name>;

/**
 * Carries out a command; before a dangerous one the person is asked outside the page.
 *
 * Rejects with a `WireError`, whatever went wrong.
 */
export async function call<Name extends CommandName>(name: Name, input: Input<Name>): Promise<Answer<Name>> {
  try {
    // The one place where a type is claimed: the bindings are generated from the code that answers.
    const token = effects[name].confirmed ? await host().confirm(name, input) : null;
    const answer = (await host().rpc(name, input, token)) as Answer<Name>;
    // A facet's value becomes a term of the query; the facets make it visible themselves.
    return name === "trail.facets" ? answer : shown(answer);
  } catch (problem) {
    throw shown(asWireError(problem));
  }
}

/** The error as the engine writes it; anything else becomes an `internal` one. */
export function asWireError(problem: unknown): WireError {
  if (typeof problem === "object" && problem !== null && "code" in problem && "message" in problem) {
    return problem as WireError;
  }
  const message = problem instanceof Error ? problem.message : String(problem);
  return { code: "internal", message, hint: null };
}

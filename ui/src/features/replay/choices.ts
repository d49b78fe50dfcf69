// What a person chose for a replay, and the plan request that it makes.

import type { PlanReplay } from "@/lib/bindings";

export type Choices = {
  query: string;
  limit: string;
  backend: string;
  policy: string;
  budget: string;
};

export const SANDBOX = "sandbox";
export const NO_POLICY = "none";
const MOST_CALLS = 10_000;

/** What is wrong with a limit, or nothing. */
export function limitProblem(limit: string): string | undefined {
  const value = Number(limit);
  return /^\d+$/.test(limit) && value >= 1 && value <= MOST_CALLS
    ? undefined
    : "A plan has 1 to 10,000 calls.";
}

/** What is wrong with a budget, or nothing; the sandbox needs none. */
export function budgetProblem(budget: string, backend: string): string | undefined {
  if (budget === "") return backend === SANDBOX ? undefined : "A live run needs a budget.";
  return /^\d{1,7}(\.\d{1,6})?$/.test(budget) && Number(budget) > 0
    ? undefined
    : "An amount in US dollars, like 2.50.";
}

/** The request for a plan; the budget goes along where there is one. */
export function request({ query, limit, backend, policy, budget }: Choices): PlanReplay {
  const asked: PlanReplay = { query, backend, policy, limit: Number(limit) };
  return backend === SANDBOX || budget === "" ? asked : { ...asked, budget_usd: budget };
}

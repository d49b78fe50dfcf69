// Replay: which calls, where, with what redaction and limits; then the plan; then the run.

import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Page } from "@/components/Page";
import { Problem } from "@/components/States";
import { CallsStep } from "@/features/replay/CallsStep";
import { budgetProblem, type Choices, limitProblem, request, SANDBOX } from "@/features/replay/choices";
import { LimitsStep } from "@/features/replay/LimitsStep";
import { PlanPanel } from "@/features/replay/PlanPanel";
import { PolicyStep } from "@/features/replay/PolicyStep";
import { RunsPanel } from "@/features/replay/RunsPanel";
import { StartDialog } from "@/features/replay/StartDialog";
import { usePlanAndRun } from "@/features/replay/usePlanAndRun";
import { WhereStep } from "@/features/replay/WhereStep";
import { usd } from "@/lib/format";
import { useAsk } from "@/lib/query";

export function ReplayScreen() {
  const search = useSearch({ from: "/replay" });
  const navigate = useNavigate({ from: "/replay" });
  const policies = useAsk("redaction.policies", {});
  const inForce = policies.data?.find((policy) => policy.in_force)?.reference ?? "default";
  const [limit, setLimit] = useState("100");
  const [backend, setBackend] = useState(SANDBOX);
  const [policy, setPolicy] = useState<string | null>(null);
  const [budget, setBudget] = useState("");
  const [isConfirming, setIsConfirming] = useState(false);
  const choices: Choices = { query: search.q ?? "", limit, backend, policy: policy ?? inForce, budget };
  const { plan, isStale, isPlanning, planError, makePlan, isStarting, start, begun } = usePlanAndRun(
    request(choices),
  );
  const isSandbox = backend === SANDBOX;
  const sent = plan ? plan.sendable + plan.needs_redaction : 0;
  const isReady = plan !== undefined && !isStale;
  const wrong = limitProblem(limit) ?? (budget === "" ? undefined : budgetProblem(budget, backend));
  const unready =
    sent === 0 ? "No call of this plan can be sent." : isSandbox ? undefined : budgetProblem(budget, backend);
  if (begun !== undefined) return <Navigate to="/replay/$run" params={{ run: begun }} />;
  return (
    <Page
      title="Replay"
      about="Sends calls again and compares the answers. Planning sends nothing."
      actions={
        isReady ? (
          <>
            {unready && <span className="text-muted">{unready}</span>}
            <Button onPress={makePlan} isDisabled={isPlanning}>
              Plan again
            </Button>
            <Button
              tone="primary"
              isDisabled={unready !== undefined || isStarting}
              onPress={() => (isSandbox ? start({}) : setIsConfirming(true))}
            >
              {isSandbox
                ? "Start replay in the sandbox"
                : `Start replay, up to ${usd(budget === "" ? null : budget)}`}
            </Button>
          </>
        ) : (
          <Button tone="primary" isDisabled={wrong !== undefined || isPlanning} onPress={makePlan}>
            {isPlanning ? "Planning…" : "Plan"}
          </Button>
        )
      }
    >
      <div className="grid gap-4">
        <div className="grid items-start gap-4 min-[900px]:grid-cols-2 xl:grid-cols-[minmax(0,1fr)_480px]">
          <div className="grid min-w-0 gap-3">
            <CallsStep
              query={choices.query}
              limit={limit}
              onQueryChanged={(q) => void navigate({ search: q === "" ? {} : { q }, replace: true })}
              onLimitChanged={setLimit}
            />
            <WhereStep chosen={backend} onChosen={setBackend} />
            <PolicyStep backend={backend} chosen={choices.policy} onChosen={setPolicy} />
            <LimitsStep backend={backend} budget={budget} onBudgetChanged={setBudget} />
          </div>
          <section
            aria-label="Dry run"
            className="sticky top-0 min-w-0 rounded-control border border-line bg-surface"
          >
            <h2 className="flex min-h-10 items-center border-b border-line px-4 text-md">Dry run</h2>
            {planError ? (
              <Problem error={planError} what="plan the replay" onRetry={makePlan} />
            ) : (
              <div className="grid gap-3 p-4">
                {isStale && <p role="status">The choices changed since this plan. Plan again.</p>}
                {plan ? (
                  <PlanPanel plan={plan} isStale={isStale} />
                ) : (
                  <p className="text-muted">
                    Choose calls, a backend, a policy and limits, then <strong>Plan</strong>. Here stands
                    then, call by call, what would be sent, what is redacted and what is refused, and the
                    cost. Nothing is sent by planning.
                  </p>
                )}
              </div>
            )}
          </section>
        </div>
        <RunsPanel />
      </div>
      {isConfirming && plan && (
        <StartDialog
          plan={plan}
          budget={budget}
          onClosed={() => setIsConfirming(false)}
          onConfirmed={(phrase) => {
            setIsConfirming(false);
            start({ budget_usd: budget, phrase });
          }}
        />
      )}
    </Page>
  );
}

// What the run may cost at most.

import { TextField } from "@/components/form/TextField";
import { budgetProblem, SANDBOX } from "@/features/replay/choices";
import { Step } from "@/features/replay/Step";

type Props = { backend: string; budget: string; onBudgetChanged: (budget: string) => void };

export function LimitsStep({ backend, budget, onBudgetChanged }: Props) {
  const isSandbox = backend === SANDBOX;
  return (
    <Step number={4} title="Limits">
      {isSandbox ? (
        <p className="text-muted">The sandbox costs nothing, so it needs no budget.</p>
      ) : (
        <div className="max-w-80">
          <TextField
            label="Budget in US dollars"
            value={budget}
            onChange={onBudgetChanged}
            error={budget === "" ? undefined : budgetProblem(budget, backend)}
            inputMode="decimal"
            placeholder="2.50"
            help="Each call's worst case is reserved before it is sent. The run stops before the budget is exceeded."
          />
        </div>
      )}
    </Step>
  );
}

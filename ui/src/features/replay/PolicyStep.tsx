// What is taken out of the calls before they are sent.

import { Select } from "@/components/form/Select";
import { Answered } from "@/components/States";
import { NO_POLICY, SANDBOX } from "@/features/replay/choices";
import { Step } from "@/features/replay/Step";
import { useAsk } from "@/lib/query";

type Props = { backend: string; chosen: string; onChosen: (policy: string) => void };

export function PolicyStep({ backend, chosen, onChosen }: Props) {
  const asked = useAsk("redaction.policies", {});
  return (
    <Step number={3} title="Redaction">
      <Answered asked={asked} what="the policies">
        {(policies) => (
          <div className="max-w-80">
            <Select
              label="Policy"
              chosen={chosen}
              onChosen={onChosen}
              options={[
                ...policies.map((policy) => ({
                  id: policy.reference,
                  title: `${policy.reference}${policy.in_force ? " · in force" : policy.builtin ? "" : " · draft"}`,
                })),
                {
                  id: NO_POLICY,
                  title: "None",
                  about: "Only to the call's own kind of deployment; everything in it is sent",
                },
              ]}
            />
          </div>
        )}
      </Answered>
      <p className="text-muted">
        {chosen !== NO_POLICY
          ? "What the policy finds is treated in every field before a call is sent. The plan counts it per call, and a call in which something is left is refused."
          : backend === SANDBOX
            ? "Nothing is taken out. Nothing leaves this computer either."
            : "Nothing is taken out: all personal data and secrets in these calls are sent as they are."}
      </p>
    </Step>
  );
}

// Rehearsing: what would change for stored calls if another policy were in force.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Select } from "@/components/form/Select";
import { Panel } from "@/components/Page";
import { Empty } from "@/components/States";
import { CallQuery } from "@/features/redaction/CallQuery";
import { JobLine } from "@/features/redaction/JobLine";
import { policyTitle } from "@/features/redaction/policyState";
import { RehearsalResult } from "@/features/redaction/RehearsalResult";
import type { PolicyRow, Rehearse } from "@/lib/bindings";
import { run, useNewest } from "@/lib/jobs";

/** The id of the text that is edited and not saved. */
const EDITED = "?edited";

type Props = {
  policies: readonly PolicyRow[];
  /** The policy that is looked at. */
  policy: string;
  /** Its text where it was edited and not saved. */
  edited: string | null;
};

export function RehearseTab({ policies, policy, edited }: Props) {
  const inForce = policies.find((other) => other.in_force)?.reference ?? policies[0]?.reference ?? "";
  const other = policies.find((one) => one.reference !== inForce)?.reference ?? inForce;
  const [from, setFrom] = useState(inForce);
  const [to, setTo] = useState(edited !== null ? EDITED : policy === inForce ? other : policy);
  const [query, setQuery] = useState("");
  const { job, result } = useNewest("redaction.rehearse");
  const options = policies.map((one) => ({
    id: one.reference,
    title: policyTitle(one),
    about: one.builtin ? "Part of the program" : "Saved in this store",
  }));
  const withEdited =
    edited === null
      ? options
      : [
          { id: EDITED, title: `${policy}, as edited`, about: "The text under Policy, not saved" },
          ...options,
        ];
  const chosen = withEdited.some((option) => option.id === to) ? to : inForce;
  const start = () => {
    const asked: Rehearse = { from, query: query.trim() };
    if (chosen === EDITED && edited !== null) asked.to_toml = edited;
    else asked.to = chosen;
    // How it ends is told by the job itself.
    run("redaction.rehearse", asked).catch(() => undefined);
  };
  const isRunning = job?.state === "running";
  return (
    <div className="grid gap-4">
      <Panel title="Two policies over stored calls">
        <div className="grid gap-3">
          <div className="flex flex-wrap items-end gap-3">
            <Select label="Old policy" options={options} chosen={from} onChosen={setFrom} />
            <Select label="New policy" options={withEdited} chosen={chosen} onChosen={setTo} />
          </div>
          <CallQuery
            query={query}
            onQueryChanged={setQuery}
            what="Their text is read on this computer; nothing is sent and no record is changed. Of a rehearsal over all calls the counts go into the trail."
          />
          <div>
            <Button tone="primary" isDisabled={isRunning} onPress={start}>
              {isRunning ? "Rehearsing…" : "Rehearse"}
            </Button>
          </div>
        </div>
      </Panel>
      {job && <JobLine job={job} what="rehearse the policy" />}
      {result && <RehearsalResult of={result} />}
      {!job && (
        <Empty title="Nothing was rehearsed yet">
          A rehearsal says, before a policy is put in force, which calls would show something that is hidden
          now, by which rule it was caught, and of which calls nothing can be said.
        </Empty>
      )}
    </div>
  );
}

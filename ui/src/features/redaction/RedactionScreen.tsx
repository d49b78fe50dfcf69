// Redaction: what a policy makes of a text or a call, the policies, and what finds entities.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { Select } from "@/components/form/Select";
import { Page } from "@/components/Page";
import { Answered } from "@/components/States";
import { TabBar } from "@/components/TabBar";
import { GuardsTab } from "@/features/redaction/GuardsTab";
import { LeakBoundsTab } from "@/features/redaction/LeakBoundsTab";
import { PolicyTab } from "@/features/redaction/PolicyTab";
import { PreviewTab } from "@/features/redaction/PreviewTab";
import { PutInForceDialog } from "@/features/redaction/PutInForceDialog";
import { policyTitle } from "@/features/redaction/policyState";
import { RecognizersTab } from "@/features/redaction/RecognizersTab";
import { RehearseTab } from "@/features/redaction/RehearseTab";
import { RestoreTab } from "@/features/redaction/RestoreTab";
import { RulesTab } from "@/features/redaction/RulesTab";
import { SavePolicyDialog } from "@/features/redaction/SavePolicyDialog";
import { SinksTab } from "@/features/redaction/SinksTab";
import { TestsTab } from "@/features/redaction/TestsTab";
import type { PolicyRow } from "@/lib/bindings";
import { useAsk } from "@/lib/query";

const ABOUT = "What a policy makes of a text or of a stored call.";

export function RedactionScreen() {
  const asked = useAsk("redaction.policies", {});
  const first = asked.data?.find((policy) => policy.in_force) ?? asked.data?.[0];
  if (asked.data && first) return <Laboratory policies={asked.data} first={first} />;
  return (
    <Page title="Redaction" about={ABOUT}>
      <Answered asked={asked} what="the policies">
        {() => null}
      </Answered>
    </Page>
  );
}

function Laboratory({ policies, first }: { policies: readonly PolicyRow[]; first: PolicyRow }) {
  const search = useSearch({ from: "/redaction" });
  const navigate = useNavigate({ from: "/redaction" });
  const [text, setText] = useState("");
  const [edited, setEdited] = useState<{ of: string; toml: string } | null>(null);
  const [example, setExample] = useState<string | null>(null);
  const [open, setOpen] = useState<"nothing" | "save">("nothing");
  const [forced, setForced] = useState<PolicyRow | null>(null);
  const [ended, setEnded] = useState<string | null>(null);
  // An earlier version is not among the policies; until its name's versions are there, the first is.
  const versions = useAsk("redaction.versions", { name: search.policy ?? first.reference });
  const policy =
    [...policies, ...(versions.data ?? [])].find((other) => other.reference === search.policy) ??
    policies.find((other) => other.name === search.policy) ??
    first;
  const toml = edited?.of === policy.reference ? edited.toml : policy.toml;
  const choices = policies.includes(policy) ? policies : [...policies, policy];
  const comparable = [
    ...policies,
    ...(versions.data ?? []).filter((row) => policies.every((other) => other.reference !== row.reference)),
  ];
  const tab = search.tab ?? "preview";
  const isChanged = toml !== policy.toml;
  const isEdited = isChanged && (tab === "policy" || tab === "rules");
  const choose = (reference: string) => void navigate({ search: (kept) => ({ ...kept, policy: reference }) });
  return (
    <Page
      title="Redaction"
      about={ABOUT}
      actions={
        <>
          <Select
            label="Policy"
            labelHidden
            chosen={policy.reference}
            onChosen={choose}
            options={choices.map((other) => ({
              id: other.reference,
              title: policyTitle(other),
              about: other.builtin ? "Part of the program" : "Saved in this store",
            }))}
          />
          {policy.in_force ? (
            <NoteChip word="In force" tone="met" />
          ) : (
            <Button
              tone={isEdited ? "plain" : "primary"}
              isDisabled={isEdited}
              onPress={() => setForced(policy)}
            >
              Put in force…
            </Button>
          )}
          {isEdited && (
            <Button tone="primary" onPress={() => setOpen("save")}>
              Save policy…
            </Button>
          )}
        </>
      }
    >
      <TabBar
        label="Parts of redaction"
        chosen={tab}
        onChosen={(id) => void navigate({ search: (kept) => ({ ...kept, tab: id }) })}
        tabs={[
          {
            id: "preview",
            title: "Preview",
            view: () => (
              <PreviewTab
                policy={policy.reference}
                call={search.call}
                text={text}
                onTextChanged={setText}
                onCallLeft={() => void navigate({ search: ({ call: _, ...kept }) => kept })}
              />
            ),
          },
          {
            id: "policy",
            title: isChanged ? "Policy (changed)" : "Policy",
            view: () => (
              <PolicyTab
                policy={policy}
                others={comparable}
                toml={toml}
                onTomlChanged={(changed) => setEdited({ of: policy.reference, toml: changed })}
                call={search.call}
                text={text}
                onTextChanged={setText}
                onOpened={choose}
                onForceAsked={setForced}
                onEndAsked={setEnded}
              />
            ),
          },
          {
            id: "rules",
            title: "Rules",
            view: () => (
              <RulesTab
                key={policy.reference}
                toml={toml}
                onTomlChanged={(changed) => setEdited({ of: policy.reference, toml: changed })}
                text={text}
                onTextChanged={setText}
                offered={example}
                onOfferTaken={() => setExample(null)}
              />
            ),
          },
          {
            id: "tests",
            title: "Tests",
            view: () => (
              <TestsTab
                policy={policy.reference}
                changed={isChanged ? toml : undefined}
                call={search.call}
                set={search.set}
                onSet={(name) => void navigate({ search: (kept) => ({ ...kept, set: name }) })}
                onExample={(found) => {
                  setExample(found);
                  void navigate({ search: (kept) => ({ ...kept, tab: "rules" }) });
                }}
              />
            ),
          },
          {
            id: "rehearse",
            title: "Rehearse",
            view: () => (
              <RehearseTab policies={policies} policy={policy.reference} edited={isChanged ? toml : null} />
            ),
          },
          { id: "bounds", title: "Leak bounds", view: () => <LeakBoundsTab policy={policy.reference} /> },
          { id: "restore", title: "Restore", view: () => <RestoreTab /> },
          {
            id: "guards",
            title: "Guards",
            view: () => (
              <GuardsTab
                policies={policies}
                run={search.run}
                onRunOpened={(run) => void navigate({ search: (kept) => ({ ...kept, tab: "guards", run }) })}
                onRunClosed={() => void navigate({ search: ({ run: _, ...kept }) => kept })}
              />
            ),
          },
          { id: "sinks", title: "Sinks", view: () => <SinksTab /> },
          { id: "recognizers", title: "Recognizers", view: () => <RecognizersTab /> },
        ]}
      />
      {open === "save" && (
        <SavePolicyDialog
          toml={toml}
          policies={policies}
          onClosed={() => setOpen("nothing")}
          onSaved={(saved) => {
            setOpen("nothing");
            setEdited(null);
            choose(saved.reference);
          }}
        />
      )}
      {forced && <PutInForceDialog policy={forced} onClosed={() => setForced(null)} />}
      {ended !== null && <PutInForceDialog ends={ended} onClosed={() => setEnded(null)} />}
    </Page>
  );
}

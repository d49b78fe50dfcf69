// The rules that a policy adds to those of the program: the list, and the editor of one.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { typeTitle } from "@/features/redaction/entityTypes";
import { RuleEditor } from "@/features/redaction/RuleEditor";
import { emptyRule } from "@/features/redaction/rules";
import type { RuleForm, RuleList } from "@/lib/bindings";
import { useAsk, useDo } from "@/lib/query";
import { sayProblem } from "@/lib/toasts";

type Props = {
  toml: string;
  onTomlChanged: (toml: string) => void;
  text: string;
  onTextChanged: (text: string) => void;
  offered: string | null;
  onOfferTaken: () => void;
};

export function RulesTab(props: Props) {
  const asked = useAsk("redaction.rules", { policy_toml: props.toml });
  return (
    <Answered asked={asked} what="the rules">
      {(list) => <Editing list={list} {...props} />}
    </Answered>
  );
}

function Editing({ list, toml, onTomlChanged, ...rest }: Props & { list: RuleList }) {
  const [chosen, setChosen] = useState<string | null>(list.rules[0]?.name ?? null);
  // Another text of the policy is another form: what was typed before is in it or was left.
  const [turn, setTurn] = useState(0);
  const takeOut = useDo("redaction.take_out_rule");
  const rule = list.rules.find((other) => other.name === chosen);
  const choose = (name: string | null) => {
    setChosen(name);
    setTurn(turn + 1);
  };
  const remove = (name: string) =>
    takeOut.mutate(
      { policy_toml: toml, name },
      {
        onSuccess: (changed) => {
          choose(null);
          onTomlChanged(changed.policy_toml);
        },
        onError: sayProblem,
      },
    );
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[14rem_minmax(0,1fr)]">
      <Panel title="Rules of this policy" flush>
        <ul>
          {list.rules.map((other) => (
            <li key={other.name} className="border-b border-line">
              <RuleChoice
                rule={other}
                isChosen={other.name === chosen}
                onChosen={() => choose(other.name)}
                onRemoved={() => remove(other.name)}
              />
            </li>
          ))}
        </ul>
        <div className="grid gap-2 p-3">
          {list.rules.length === 0 && (
            <p className="text-muted">
              None yet: the policy finds what the program's recognizers find, and its lists of words.
            </p>
          )}
          <Button onPress={() => choose(null)} isDisabled={rule === undefined}>
            New rule
          </Button>
        </div>
      </Panel>
      <RuleEditor
        key={`${chosen ?? ""}-${turn}`}
        {...rest}
        toml={toml}
        replaces={rule?.name}
        given={rule ?? emptyRule()}
        validators={list.validators}
        onPut={(changed, name) => {
          onTomlChanged(changed);
          setChosen(name);
        }}
      />
    </div>
  );
}

type ChoiceProps = { rule: RuleForm; isChosen: boolean; onChosen: () => void; onRemoved: () => void };

function RuleChoice({ rule, isChosen, onChosen, onRemoved }: ChoiceProps) {
  return (
    <div className={`grid gap-1 px-3 py-2 ${isChosen ? "bg-selected" : ""}`}>
      <div className="flex min-w-0 items-center justify-between gap-2">
        <button
          type="button"
          aria-current={isChosen}
          onClick={onChosen}
          className="min-w-0 truncate text-left font-mono hover:underline"
        >
          {rule.name}
        </button>
        {isChosen && (
          <Button tone="quiet" aria-label={`Take rule ${rule.name} out of the policy`} onPress={onRemoved}>
            Take out
          </Button>
        )}
      </div>
      <span className="entity justify-self-start" data-category={rule.category}>
        {typeTitle(rule.entity_type)}
      </span>
    </div>
  );
}

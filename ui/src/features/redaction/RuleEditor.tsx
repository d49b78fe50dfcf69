// One rule: its fields and examples, tried as they are typed.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Panel } from "@/components/Page";
import { Problem } from "@/components/States";
import { EXAMPLE } from "@/features/redaction/example";
import { RuleExamples } from "@/features/redaction/RuleExamples";
import { RuleFields } from "@/features/redaction/RuleFields";
import { RuleVerdict } from "@/features/redaction/RuleVerdict";
import { asked, detectorOf } from "@/features/redaction/rules";
import { useTriedRule } from "@/features/redaction/useTriedRule";
import type { RuleForm } from "@/lib/bindings";
import { say } from "@/lib/toasts";

type Props = {
  toml: string;
  /** The rule as the policy has it; a new one where absent. */
  replaces: string | undefined;
  given: RuleForm;
  validators: readonly string[];
  /** A text of a test set that is offered as an example. */
  offered: string | null;
  onOfferTaken: () => void;
  text: string;
  onTextChanged: (text: string) => void;
  onPut: (toml: string, name: string) => void;
};

export function RuleEditor(props: Props) {
  const { toml, replaces, validators, offered, onOfferTaken, text, onTextChanged, onPut } = props;
  const [rule, setRule] = useState(props.given);
  const [detector, setDetector] = useState(detectorOf(props.given));
  const tried = text === "" ? EXAMPLE : text;
  const answer = useTriedRule({
    rule: asked(rule, detector),
    policy_toml: toml,
    text: tried,
    ...(replaces === undefined ? {} : { replaces }),
  });
  const isBlank = rule.name === "" && rule.pattern === "" && rule.words.length === 0;
  const problem = isBlank ? null : (answer.data?.problem ?? null);
  const put = answer.data?.policy_toml ?? null;
  const take = (where: "examples" | "negative_examples") => {
    if (offered === null) return;
    const kept = rule[where].filter((example) => example !== "");
    setRule({ ...rule, [where]: [...kept, offered] });
    onOfferTaken();
  };
  return (
    <div className="grid min-w-0 gap-4 xl:grid-cols-2">
      <Panel
        title={replaces === undefined ? "New rule" : `Rule ${replaces}`}
        actions={
          <Button
            tone="primary"
            isDisabled={put === null || answer.isPlaceholderData}
            onPress={() => {
              if (put === null) return;
              say("The rule is in the policy's text. Save the policy to keep it.");
              onPut(put, rule.name);
            }}
          >
            {replaces === undefined ? "Put into the policy" : "Change in the policy"}
          </Button>
        }
      >
        <RuleFields
          rule={rule}
          detector={detector}
          validators={validators}
          problem={problem}
          onChanged={setRule}
          onDetector={setDetector}
        />
      </Panel>
      <div className="grid min-w-0 content-start gap-4">
        {offered !== null && (
          <Panel title="An example from a test set">
            <div className="grid gap-2">
              <code className="wrap-anywhere">{offered}</code>
              <p className="text-muted">
                Examples are kept in the policy, which erasing a call doesn't reach. Change what names
                somebody.
              </p>
              <div className="flex flex-wrap gap-2">
                <Button onPress={() => take("examples")}>It must match</Button>
                <Button onPress={() => take("negative_examples")}>It must not match</Button>
                <Button tone="quiet" onPress={onOfferTaken}>
                  Leave it
                </Button>
              </div>
            </div>
          </Panel>
        )}
        <Panel title="What it finds">
          <div className="grid gap-3">
            <TextField label="Text to try" lines={3} mono value={tried} onChange={onTextChanged} />
            {isBlank ? (
              <p className="text-muted">Give the rule a name, a type and a pattern or words.</p>
            ) : answer.error ? (
              <Problem error={answer.error} what="try this rule" />
            ) : (
              answer.data && <RuleVerdict tried={answer.data} />
            )}
          </div>
        </Panel>
        <Panel title="Examples">
          <div className="grid gap-4">
            <RuleExamples
              title="Must match"
              examples={rule.examples}
              tried={answer.data?.examples ?? []}
              onChanged={(examples) => setRule({ ...rule, examples })}
            />
            <RuleExamples
              title="Must not match"
              examples={rule.negative_examples}
              tried={answer.data?.negative_examples ?? []}
              onChanged={(negative_examples) => setRule({ ...rule, negative_examples })}
            />
            <p className="text-muted">
              Examples are saved with the rule. A policy whose rule breaks its own examples isn't saved.
            </p>
          </div>
        </Panel>
      </div>
    </div>
  );
}

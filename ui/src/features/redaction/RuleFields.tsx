// The fields of a rule.

import { useState } from "react";
import { Checkbox } from "@/components/form/Checkbox";
import { RadioChoice } from "@/components/form/RadioChoice";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { OperatorFields } from "@/features/redaction/OperatorFields";
import { asTable, OPERATORS, type Treatment, treatment } from "@/features/redaction/operators";
import { type Detector, items } from "@/features/redaction/rules";
import type { RuleForm, RuleProblem } from "@/lib/bindings";

type Props = {
  rule: RuleForm;
  detector: Detector;
  validators: readonly string[];
  problem: RuleProblem | null;
  onChanged: (rule: RuleForm) => void;
  onDetector: (detector: Detector) => void;
};

const CATEGORIES = ["person", "contact", "financial", "govid", "location", "health", "secret", "custom"];
const AS_POLICY = "as the policy says";

export function RuleFields({ rule, detector, validators, problem, onChanged, onDetector }: Props) {
  const change = (changed: Partial<RuleForm>) => onChanged({ ...rule, ...changed });
  const errorOf = (part: string) => (problem?.part === part ? problem.message : undefined);
  const given = rule.operator === null ? null : treatment(rule.operator);
  const treat = (chosen: Treatment) => change({ operator: asTable(chosen) });
  return (
    <div className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Name"
          mono
          value={rule.name}
          error={errorOf("name")}
          onChange={(name) => change({ name })}
        />
        <TextField
          label="Entity type"
          mono
          value={rule.entity_type}
          error={errorOf("entity_type")}
          onChange={(entity_type) => change({ entity_type: entity_type.toUpperCase().replaceAll(" ", "_") })}
        />
      </div>
      <RadioChoice
        label="Finds by"
        direction="across"
        chosen={detector}
        onChosen={(id) => onDetector(id === "words" || id === "check" ? id : "pattern")}
        options={[
          { id: "pattern", title: "a pattern" },
          { id: "words", title: "a list of words" },
          { id: "check", title: "a check of digits" },
        ]}
      />
      {detector === "pattern" && (
        <TextField
          label="Pattern"
          mono
          lines={2}
          value={rule.pattern}
          error={errorOf("pattern")}
          onChange={(pattern) => change({ pattern })}
          help="Of a group (?P<value>…) only the group is the entity."
        />
      )}
      {detector === "words" && (
        <ListField
          label="Words"
          lines={3}
          help="Commas or lines between them; whole words, in any case."
          given={rule.words}
          error={errorOf("words")}
          onChanged={(words) => change({ words })}
        />
      )}
      {detector !== "words" && (
        <Select
          label={detector === "check" ? "Check" : "And passes the check"}
          chosen={rule.validator ?? "none"}
          onChosen={(id) => change({ validator: id === "none" ? null : id })}
          options={["none", ...validators].map((id) => ({ id, title: id === "none" ? "None" : id }))}
        />
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <ListField
          label="Context words"
          help="Near one of them the score rises."
          given={rule.context}
          onChanged={(context) => change({ context })}
        />
        <ListField
          label="Words against it"
          help="Near one of them it isn't found."
          given={rule.not_context}
          onChanged={(not_context) => change({ not_context })}
        />
      </div>
      <Checkbox
        label="Only near a context word"
        isSelected={rule.context_required}
        onChange={(context_required) => change({ context_required })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Score, 0 to 1"
          value={String(rule.score)}
          error={errorOf("score")}
          onChange={(text) => {
            const score = Number(text.replace(",", "."));
            if (Number.isFinite(score)) change({ score });
          }}
        />
        <Select
          label="Category"
          chosen={rule.category}
          onChosen={(category) => change({ category })}
          options={CATEGORIES.map((id) => ({ id, title: id === "govid" ? "government ID" : id }))}
        />
        <Select
          label="Operator of this type"
          chosen={given?.operator ?? AS_POLICY}
          onChosen={(operator) =>
            operator === AS_POLICY ? change({ operator: null }) : treat({ operator, parameters: {} })
          }
          options={[
            { id: AS_POLICY, title: "As the policy says" },
            ...OPERATORS.map(({ name, title, about }) => ({ id: name, title, about })),
          ]}
        />
        {given !== null && (
          <OperatorFields
            of="this type"
            given={given}
            onChanged={(parameters) => treat({ ...given, parameters })}
          />
        )}
      </div>
      {errorOf("operator") && (
        <p role="alert" className="text-danger">
          {errorOf("operator")}
        </p>
      )}
      <ListField
        label="Every text with a match holds one of"
        help="Without one of these the pattern isn't tried, which is faster. Leave it empty if there is none."
        given={rule.needs}
        onChanged={(needs) => change({ needs })}
      />
    </div>
  );
}

/** A list typed as a text; what is typed stays as it is while it is typed. */
function ListField({
  given,
  onChanged,
  ...rest
}: {
  label: string;
  help: string;
  lines?: number;
  error?: string | undefined;
  given: readonly string[];
  onChanged: (items: string[]) => void;
}) {
  const [text, setText] = useState(given.join(", "));
  return (
    <TextField
      {...rest}
      value={text}
      onChange={(typed) => {
        setText(typed);
        onChanged(items(typed));
      }}
    />
  );
}

// The parameters of an operator, each with what it takes.

import { useState } from "react";
import { Select } from "@/components/form/Select";
import { TextField } from "@/components/form/TextField";
import { operatorKind, type Parameter, type Treatment } from "@/features/redaction/operators";

type Props = {
  /** What it is the operator of: tells fields apart that a screen has more than once. */
  of: string;
  given: Treatment;
  onChanged: (parameters: Treatment["parameters"]) => void;
};

export function OperatorFields({ of, given, onChanged }: Props) {
  return operatorKind(given.operator)?.parameters.map((parameter) => (
    <ParameterField
      key={`${given.operator} ${parameter.key}`}
      parameter={parameter}
      of={of}
      value={given.parameters[parameter.key] ?? parameter.usual}
      onChanged={(value) => onChanged({ ...given.parameters, [parameter.key]: value })}
    />
  ));
}

type FieldProps = {
  parameter: Parameter;
  of: string;
  value: string;
  onChanged: (value: string) => void;
};

function ParameterField({ parameter, of, value, onChanged }: FieldProps) {
  if (parameter.kind === "choice") {
    const words: Record<string, string> = { false: "No", true: "Yes", month: "Month", year: "Year" };
    return (
      <Select
        label={parameter.title}
        chosen={value}
        onChosen={onChanged}
        options={parameter.options.map((id) => ({ id, title: words[id] ?? id }))}
      />
    );
  }
  return <NumberField parameter={parameter} of={of} value={value} onChanged={onChanged} />;
}

type NumberProps = FieldProps & { parameter: Extract<Parameter, { kind: "number" }> };

/** A number goes into the text when it is one; what is typed on the way stays in the field. */
function NumberField({ parameter: { title, least, most }, of, value, onChanged }: NumberProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const isRight = (text: string) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  const shown = draft ?? value;
  return (
    <div className="w-44">
      <TextField
        label={title}
        aria-label={`${title}, ${of}`}
        inputMode="numeric"
        value={shown}
        onChange={(text) => {
          setDraft(text);
          if (isRight(text)) onChanged(String(Number(text)));
        }}
        onBlur={() => setDraft(null)}
        error={isRight(shown) ? undefined : `${least} to ${most}`}
      />
    </div>
  );
}

// A line or a block of text with its label, help and error.

import {
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  type TextFieldProps,
} from "react-aria-components";

type Props = TextFieldProps & {
  label: string;
  help?: string;
  error?: string | undefined;
  placeholder?: string;
  /** Lines of a block; a line where absent. */
  lines?: number;
  mono?: boolean;
};

const BOX =
  "w-full rounded-control border border-control bg-surface px-2 text-ink placeholder:text-subtle invalid:border-danger disabled:opacity-50";

export function TextField({ label, help, error, placeholder, lines, mono, ...rest }: Props) {
  const font = mono ? "font-mono" : "";
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} className="grid gap-1">
      <Label className="text-sm font-semibold">{label}</Label>
      {lines === undefined ? (
        <Input className={`${BOX} h-8 ${font}`} placeholder={placeholder ?? ""} spellCheck={false} />
      ) : (
        <TextArea
          className={`${BOX} py-1.5 ${font}`}
          rows={lines}
          placeholder={placeholder ?? ""}
          spellCheck={false}
        />
      )}
      {help && (
        <Text slot="description" className="text-sm text-muted">
          {help}
        </Text>
      )}
      <FieldError className="text-sm text-danger">{error}</FieldError>
    </AriaTextField>
  );
}

// TOML with line numbers. It grows with its text, so that numbers and lines never part.

import { Label, TextArea, TextField } from "react-aria-components";

type Props = { text: string; wrongLine: number | null; onChanged: (text: string) => void };

export function DefinitionEditor({ text, wrongLine, onChanged }: Props) {
  const lines = text.split("\n").length;
  return (
    <TextField value={text} onChange={onChanged} isInvalid={wrongLine !== null} className="grid gap-1">
      <Label className="text-sm font-semibold">Definition (TOML)</Label>
      <div className="flex overflow-hidden rounded-control border border-control bg-surface focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-focus">
        <div
          aria-hidden
          className="w-10 shrink-0 border-r border-line bg-surface2 py-1.5 text-right font-mono text-subtle select-none"
        >
          {Array.from({ length: lines }, (_, index) => index + 1).map((line) => (
            <div key={line} className={`px-2 ${line === wrongLine ? "chip-critical font-semibold" : ""}`}>
              {line}
            </div>
          ))}
        </div>
        <TextArea
          wrap="off"
          rows={Math.max(lines, 8) + 1}
          spellCheck={false}
          className="min-w-0 flex-1 resize-none overflow-y-hidden bg-transparent px-2 py-1.5 font-mono outline-none"
        />
      </div>
    </TextField>
  );
}

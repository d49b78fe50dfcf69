// A sentence of the engine: what stands between backticks is shown as code.

export function Ticked({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a sentence has no ids, and never reorders
      <code key={index}>{part}</code>
    ),
  );
}

// What a figure does not say.

export function Limits({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul aria-label="Limits" className="list-disc pl-5 text-muted">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

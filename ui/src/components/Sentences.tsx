// What the engine says, a sentence a line.

export function Sentences({ of }: { of: readonly string[] }) {
  return (
    <ul className="grid list-disc gap-1 pt-1 pl-5">
      {of.map((sentence) => (
        <li key={sentence} className="[overflow-wrap:anywhere]">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

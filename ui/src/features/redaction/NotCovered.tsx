// What a preview says nothing about.

export function NotCovered({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul className="grid list-disc gap-0.5 pl-5">
      {sentences.map((sentence, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences may repeat, and never reorder
        <li key={index}>{sentence}</li>
      ))}
      <li>
        What isn't marked wasn't found, which isn't the same as not being there. Names of people and places
        are looked for by a model, as thoroughly as the policy says; it misses some.
      </li>
    </ul>
  );
}

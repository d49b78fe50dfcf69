// What a preview says nothing about.

export function NotCovered({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul className="grid list-disc gap-0.5 pl-5">
      {sentences.map((sentence, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences may repeat, and never reorder
        <li key={index}>{sentence}</li>
      ))}
      <li>
        What isn't marked wasn't found, which isn't the same as not being there. Names of people, for one, are
        found only behind a title or a phrase that introduces them, or where the policy's deny list holds
        them.
      </li>
    </ul>
  );
}

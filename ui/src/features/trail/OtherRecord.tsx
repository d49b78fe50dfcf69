// Another record of a call: by what it was joined, and each field that it tells differently.

import { Maybe, When } from "@/components/text/When";
import type { Witness } from "@/lib/bindings";
import { words } from "@/lib/format";

type Props = { witness: Witness; here: string };

export function Other({ witness, here }: Props) {
  return (
    <section aria-label={words(witness.source)} className="grid gap-2 rounded-control border border-line p-3">
      <div>
        <h3>{words(witness.source)}</h3>
        <p className="text-sm text-muted">
          {witness.join === "inferred"
            ? witness.joined_by.replace("inferred:", "Inferred:")
            : `Joined by ${words(witness.joined_by)}`}{" "}
          · <When at={witness.started_at} />
        </p>
      </div>
      {witness.differs.length === 0 ? (
        <p className="text-muted">It tells nothing else than this record.</p>
      ) : (
        <table className="w-full text-left">
          <thead>
            <tr className="text-sm text-muted">
              <th scope="col" className="pr-2">
                Field
              </th>
              <th scope="col" className="pr-2">
                {here}
              </th>
              <th scope="col">{words(witness.source)}</th>
            </tr>
          </thead>
          <tbody>
            {witness.differs.map((difference) => (
              <tr key={difference.field} className="border-t border-line align-top">
                <th scope="row" className="py-1 pr-2 font-normal text-muted">
                  {words(difference.field)}
                </th>
                <td className="py-1 pr-2 break-all">
                  <Maybe value={difference.here} />
                </td>
                <td className="py-1 break-all">
                  <Maybe value={difference.there} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

// The other sources that saw the same call, and where they tell it differently.

import { Button } from "@/components/Button";
import { Maybe, When } from "@/components/text/When";
import type { CallDetail, Witness } from "@/lib/bindings";
import { counted, words } from "@/lib/format";

type Props = { detail: CallDetail; onOpened: (id: string) => void };

export function Witnesses({ detail, onOpened }: Props) {
  if (detail.witnesses.length === 0) {
    return (
      <p className="p-4 text-muted">
        Only {words(detail.provenance.source)} saw this call. Import further logs of the same period, and
        records of the same call are joined by their request ids.
      </p>
    );
  }
  return (
    <div className="grid gap-4 p-4">
      <p>
        {counted(detail.witnesses.length + 1, "source")} saw this call. Shown is the record of{" "}
        {words(detail.provenance.source)}.
      </p>
      {detail.witnesses.map((witness) => (
        <Other
          key={witness.id}
          witness={witness}
          here={words(detail.provenance.source)}
          onOpened={onOpened}
        />
      ))}
    </div>
  );
}

function Other({
  witness,
  here,
  onOpened,
}: {
  witness: Witness;
  here: string;
  onOpened: (id: string) => void;
}) {
  return (
    <section aria-label={words(witness.source)} className="grid gap-2 rounded-control border border-line p-3">
      <div className="flex items-start justify-between gap-2">
        <div>
          <h3>{words(witness.source)}</h3>
          <p className="text-sm text-muted">
            joined by {words(witness.joined_by)} · <When at={witness.started_at} />
          </p>
        </div>
        <Button onPress={() => onOpened(witness.id)}>Open</Button>
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

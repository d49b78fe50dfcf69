// How the leaves of the log are accounted for in a pack, as the sum that it is.

import type { PackCounts } from "@/lib/bindings";
import { count } from "@/lib/format";

export function AccountedFor({ counts }: { counts: PackCounts }) {
  const rows = [
    { name: "Records shown", value: counts.records },
    { name: "Leaves that explain them", value: counts.supporting },
    { name: "Withheld: not in the pack", value: counts.withheld },
    { name: "Erased, as leaves say", value: counts.erased },
    ...(counts.missing > 0 ? [{ name: "Missing: no leaf says why", value: counts.missing }] : []),
  ];
  return (
    <table className="w-full">
      <caption className="sr-only">How the leaves of the log are accounted for</caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" className="text-left font-normal text-muted">
              {row.name}
            </th>
            <td className="text-right tabular-nums">{count(row.value)}</td>
          </tr>
        ))}
        <tr className="border-t border-line font-semibold">
          <th scope="row" className="text-left">
            In scope: the sum of these
          </th>
          <td className="text-right tabular-nums">{count(counts.in_scope)}</td>
        </tr>
        <tr>
          <th scope="row" className="pt-2 text-left font-normal text-muted">
            Lines that finished imports rejected; in no leaf
          </th>
          <td className="pt-2 text-right tabular-nums">{count(counts.rejected)}</td>
        </tr>
      </tbody>
    </table>
  );
}

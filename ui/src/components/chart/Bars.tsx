// Horizontal bars with their numbers: a small table that can be read without seeing it.

import type { ReactNode } from "react";
import { count, percent } from "@/lib/format";

export type BarRow = { id: string; name: ReactNode; value: number };
type Props = { label: string; rows: readonly BarRow[]; whole: number; colour?: string };

export function Bars({ label, rows, whole, colour = "var(--chart-neutral)" }: Props) {
  return (
    <table aria-label={label} className="w-full border-collapse">
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" className="py-1 pr-3 text-left font-normal">
              {row.name}
            </th>
            <td aria-hidden className="w-2/5 py-1">
              <div className="h-2 rounded-chip bg-surface2">
                <div
                  className="h-2 rounded-chip"
                  style={{
                    width: `${whole === 0 ? 0 : Math.max(1, (row.value / whole) * 100)}%`,
                    background: colour,
                  }}
                />
              </div>
            </td>
            <td className="py-1 pl-3 text-right whitespace-nowrap">{count(row.value)}</td>
            <td className="py-1 pl-2 text-right whitespace-nowrap text-muted">{percent(row.value, whole)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Figures side by side, each with what it is of.

import type { ReactNode } from "react";
import { count, percent } from "@/lib/format";

export type Tile = { id: string; title: string; value: number; about?: ReactNode; tone?: "danger" };
type Props = { label: string; tiles: readonly Tile[]; of: number };

export function Tiles({ label, tiles, of }: Props) {
  return (
    <dl aria-label={label} className="flex flex-wrap gap-2">
      {tiles.map((tile) => (
        <div
          key={tile.id}
          className={`min-w-32 flex-1 rounded-control border bg-surface px-3 py-2 ${tile.tone === "danger" && tile.value > 0 ? "border-danger" : "border-line"}`}
        >
          <dt className="text-sm text-muted">{tile.title}</dt>
          <dd>
            <span
              className={`text-lg font-semibold ${tile.tone === "danger" && tile.value > 0 ? "text-danger" : ""}`}
            >
              {count(tile.value)}
            </span>
            <div className="text-sm whitespace-nowrap text-muted">
              of {count(of)}
              {of > 0 && ` · ${percent(tile.value, of)}`}
            </div>
            {tile.about && <div className="text-sm text-muted">{tile.about}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

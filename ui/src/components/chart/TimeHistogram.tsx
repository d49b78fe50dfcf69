// Calls over time, stacked by how they ended. Drag or Shift+arrows choose a stretch.

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { count, counted, moment } from "@/lib/format";

export type TimeBar = { start_ms: number; ok: number; limited: number; errors: number };
type Props = {
  bars: readonly TimeBar[];
  barMs: number;
  /** Half-open, UTC milliseconds. */
  onChosen: (fromMs: number, toMs: number) => void;
};

const HEIGHT = 56;

function widthOf(barMs: number): string {
  if (barMs < 60_000) return `${count(barMs / 1_000)} s`;
  const hours = barMs / 3_600_000;
  if (hours < 1) return `${count(barMs / 60_000)} min`;
  return hours < 24 ? `${count(hours)} h` : counted(Math.round(hours / 24), "day");
}

export function TimeHistogram({ bars, barMs, onChosen }: Props) {
  const frame = useRef<SVGSVGElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const most = Math.max(1, ...bars.map((bar) => bar.ok + bar.limited + bar.errors));
  const first = bars[0];
  const end = first ? first.start_ms + bars.length * barMs : 0;
  const chosen =
    cursor === null
      ? null
      : ([Math.min(anchor ?? cursor, cursor), Math.max(anchor ?? cursor, cursor)] as const);
  const at = cursor === null ? undefined : bars[cursor];

  const apply = (range: readonly [number, number]) => {
    const start = bars[range[0]];
    const stop = bars[range[1]];
    if (start && stop) onChosen(start.start_ms, stop.start_ms + barMs);
    setAnchor(null);
    setCursor(null);
  };
  const barAt = (event: PointerEvent): number => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || box.width === 0) return 0;
    const share = (event.clientX - box.left) / box.width;
    return Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)));
  };
  const pressed = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      const next = Math.max(0, Math.min(bars.length - 1, (cursor ?? (step > 0 ? -1 : bars.length)) + step));
      setAnchor(event.shiftKey ? (anchor ?? cursor ?? next) : null);
      setCursor(next);
    } else if (event.key === "Enter" && chosen) apply(chosen);
    else if (event.key === "Escape") {
      setCursor(null);
      setAnchor(null);
    } else return;
    event.preventDefault();
  };

  return (
    <figure className="m-0 grid gap-1">
      <svg
        ref={frame}
        role="application"
        aria-label="Calls over time. Arrow keys move over the bars, Shift and arrow keys choose several, Enter shows only these."
        tabIndex={0}
        viewBox={`0 0 ${Math.max(1, bars.length) * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-14 w-full cursor-crosshair touch-none"
        onKeyDown={pressed}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setAnchor(barAt(event));
          setCursor(barAt(event));
        }}
        onPointerMove={(event) => setCursor(barAt(event))}
        onPointerUp={() => {
          if (chosen && anchor !== null) apply(chosen);
        }}
        onPointerLeave={() => {
          if (anchor === null) setCursor(null);
        }}
      >
        <line x1="0" x2={bars.length * 10} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--border)" />
        {chosen && (
          <rect
            x={chosen[0] * 10}
            width={(chosen[1] - chosen[0] + 1) * 10}
            y="0"
            height={HEIGHT}
            fill="var(--selected)"
          />
        )}
        {bars.map((bar, index) => (
          <Stack key={bar.start_ms} bar={bar} x={index * 10 + 1} most={most} />
        ))}
      </svg>
      <figcaption className="flex justify-between gap-4 text-sm text-muted" aria-live="polite">
        <span>{first && moment(first.start_ms)}</span>
        <span>
          {at
            ? `${moment(at.start_ms)} to ${moment(at.start_ms + barMs)}: ${counted(at.ok + at.limited + at.errors, "call")}, ${count(at.limited)} limited (429), ${counted(at.errors, "other error")}`
            : `${widthOf(barMs)} a bar · drag to zoom · `}
          {!at && <Legend />}
        </span>
        <span>{first && `${moment(end)} UTC`}</span>
      </figcaption>
    </figure>
  );
}

function Legend() {
  const parts = [
    ["ok", "var(--chart-api)"],
    ["limited (429)", "var(--chart-bedrock)"],
    ["other errors", "var(--chart-bad)"],
  ] as const;
  return (
    <>
      {parts.map(([name, colour]) => (
        <span key={name} className="ml-2 whitespace-nowrap">
          <span
            aria-hidden
            className="mr-1 inline-block size-2 rounded-chip"
            style={{ background: colour }}
          />
          {name}
        </span>
      ))}
    </>
  );
}

function Stack({ bar, x, most }: { bar: TimeBar; x: number; most: number }) {
  // A bar that is not empty is seen, however small.
  const height = (value: number) => (value === 0 ? 0 : Math.max(1.5, (value / most) * (HEIGHT - 2)));
  const [ok, limited, errors] = [height(bar.ok), height(bar.limited), height(bar.errors)];
  return (
    <>
      <rect x={x} width="8" y={HEIGHT - ok} height={ok} fill="var(--chart-api)" />
      <rect x={x} width="8" y={HEIGHT - ok - limited} height={limited} fill="var(--chart-bedrock)" />
      <rect x={x} width="8" y={HEIGHT - ok - limited - errors} height={errors} fill="var(--chart-bad)" />
    </>
  );
}

// Whether somebody rushes through a list: moves of more than half a screen, several at once.
//
// Drawing every cell of every row that flies by costs more than a frame has, and nobody reads them.

import { useCallback, useEffect, useRef, useState } from "react";

/** Far moves in a row after which it is a rush. */
const MOVES = 3;
/** A move belongs to the one before, and a rush goes on, for so long. */
const TOGETHER_MS = 120;

export function useRush(viewPx: number): { isOn: boolean; told: (pixels: number) => void } {
  const [isOn, setIsOn] = useState(false);
  const far = useRef({ count: 0, at: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const told = useCallback(
    (pixels: number) => {
      if (Math.abs(pixels) <= viewPx / 2) return;
      const now = performance.now();
      far.current = { count: now - far.current.at < TOGETHER_MS ? far.current.count + 1 : 1, at: now };
      if (far.current.count < MOVES) return;
      setIsOn(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setIsOn(false), TOGETHER_MS);
    },
    [viewPx],
  );
  return { isOn, told };
}

// Which elements of a region that scrolls are in sight or nearly so.

import { useCallback, useEffect, useRef, useState } from "react";

/** How far from what is in sight an element counts as near. */
const MARGIN = "800px";

/**
 * The `data-near` of the elements that are near; `watch` is the `ref` of each. What scrolls around them has
 * `data-near-region`. Where a page can't tell, everything is near.
 */
export function useNear() {
  const [near, setNear] = useState<ReadonlySet<string>>(new Set());
  const observer = useRef<IntersectionObserver | null>(null);
  const canTell = typeof IntersectionObserver !== "undefined";
  const watch = useCallback((element: HTMLElement | null) => {
    if (!element || typeof IntersectionObserver === "undefined") return;
    observer.current ??= new IntersectionObserver(
      (entries) => {
        setNear((before) => {
          const now = new Set(before);
          for (const { target, isIntersecting } of entries) {
            const key = target.getAttribute("data-near") ?? "";
            if (isIntersecting) now.add(key);
            else now.delete(key);
          }
          return now;
        });
      },
      { root: element.closest("[data-near-region]"), rootMargin: `${MARGIN} 0px` },
    );
    const watching = observer.current;
    watching.observe(element);
    return () => watching.unobserve(element);
  }, []);
  useEffect(() => () => observer.current?.disconnect(), []);
  return { isNear: (key: string) => !canTell || near.has(key), watch };
}

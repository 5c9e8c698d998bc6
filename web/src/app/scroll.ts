import { useLayoutEffect, useRef, type RefObject } from "react";

/** Keeps a scrolling box at its end while things are added, unless the reader scrolled up. */
export function useStickToEnd<T extends HTMLElement>(changed: unknown): RefObject<T | null> {
  const box = useRef<T>(null);
  const seenHeight = useRef(0);
  useLayoutEffect(() => {
    const shown = box.current;
    if (!shown) return;
    const wasAtEnd = seenHeight.current - shown.scrollTop - shown.clientHeight < 80;
    if (wasAtEnd) shown.scrollTop = shown.scrollHeight;
    seenHeight.current = shown.scrollHeight;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- what changed is the reason to scroll
  }, [changed]);
  return box;
}

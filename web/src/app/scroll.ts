import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

const NEAR_END_PX = 80;

/** Keeps a scrolling box at its end while things are added or room is taken away, unless the reader scrolled up. */
export function useStickToEnd<T extends HTMLElement>(changed: unknown): RefObject<T | null> {
  const box = useRef<T>(null);
  const atEnd = useRef(true);

  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- what changed is the reason to scroll
  }, [changed]);

  useEffect(() => {
    const shown = box.current;
    if (!shown) return undefined;
    const look = () => {
      atEnd.current = shown.scrollHeight - shown.scrollTop - shown.clientHeight < NEAR_END_PX;
    };
    const resized = new ResizeObserver(() => {
      if (atEnd.current) shown.scrollTop = shown.scrollHeight;
    });
    shown.addEventListener("scroll", look, { passive: true });
    resized.observe(shown);
    return () => {
      shown.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, []);
  return box;
}

import { useEffect, useEffectEvent } from "react";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=radio]), textarea, select"));

/** The dial key a keystroke means; by its place on the keyboard, so that every layout works. */
function dialKey(event: KeyboardEvent): string | null {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (event.key === "*" || event.key === "#") return event.key;
  return digit && !event.shiftKey ? (digit[1] ?? null) : null;
}

/** Lets the keyboard dial while a call is on and nobody types into a field. */
export function useDialKeys(active: boolean, press: (key: string) => void): void {
  const pressed = useEffectEvent(press);
  useEffect(() => {
    if (!active) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      const key = dialKey(event);
      if (key !== null) pressed(key);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [active]);
}

import type { Instant } from "#kit";

/** Somebody who waits for an operator: on the phone, or to be called back. */
export type InLine =
  | { kind: "call"; enqueuedAt: Instant }
  /** `rings`: an operator's phone may be rung for it without being asked. */
  | { kind: "callback"; id: string; enqueuedAt: Instant; rings: boolean };

/** Who comes first: the earlier first time in the queue, whatever they wait for. */
export const earlierOf = <One extends { enqueuedAt: Instant }, Other extends { enqueuedAt: Instant }>(
  one: One | null,
  other: Other | null,
): One | Other | null => {
  if (!one || !other) return one ?? other;
  return other.enqueuedAt < one.enqueuedAt ? other : one;
};

/**
 * Which callbacks an operator's phone is rung for now. `line` is in the order of the places, `free` counts operators
 * who could be rung, `onTheWay` those whose phone rings already for whoever is next. Nobody is rung for a callback
 * while somebody before it has no operator: the first place goes first. Pure.
 */
export function toRing(line: InLine[], free: number, onTheWay: number): string[] {
  const rung: string[] = [];
  let coming = onTheWay;
  for (const one of line) {
    if (coming > 0) coming -= 1;
    else if (one.kind === "callback" && one.rings && rung.length < free) rung.push(one.id);
    else break;
  }
  return rung;
}

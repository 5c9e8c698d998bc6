import type { MediaAbilities, MediaKind } from "../channel.ts";

export type Fit =
  | {
      kind: "fits";
      as: MediaKind;
      /** Characters of text that may go along; 0 when it needs a message of its own. */ caption: number;
    }
  | { kind: "too-large"; most: number }
  | { kind: "wrong-type" };

/** As what a channel can carry a file of this type and size, if at all. Pure. */
export function fitFile(abilities: MediaAbilities, file: { type: string; size: number }): Fit {
  const [as, carried] = Object.entries(abilities).find(([, { types }]) => types.includes(file.type)) ?? [];
  if (as === undefined || carried === undefined) return { kind: "wrong-type" };
  if (file.size > carried.mostBytes) return { kind: "too-large", most: carried.mostBytes };
  return { kind: "fits", as: as as MediaKind, caption: carried.caption };
}

/** Every type a channel can carry. */
export const typesCarried = (abilities: MediaAbilities | null): string[] =>
  Object.values(abilities ?? {}).flatMap(({ types }) => types);

/** The size of the largest file a channel can carry. */
export const largestCarried = (abilities: MediaAbilities): number =>
  Math.max(0, ...Object.values(abilities).map(({ mostBytes }) => mostBytes));

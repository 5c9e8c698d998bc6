import type { Clock, Millis } from "#kit";

/** Work under way, a limited number of each kind, so that a slow kind never holds up the others. */
export interface Crew {
  /** How many more of this kind may be started. */
  room(kind: string): number;
  busy(): boolean;
  start(kind: string, work: Promise<void>): void;
  /** Says that there may be more to take up. */
  ring(): void;
  /** Whoever looks for work forgets the rings that came before. */
  looks(): void;
  /** Resolves when something has ended, somebody rings, or it is time to look again. */
  change(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** At most `most` of each kind; what falls due by itself meanwhile is looked for every `lookAgain`. */
export function createCrew(most: number, lookAgain: Millis, clock: Clock): Crew {
  const underWay = new Map<string, number>();
  let rung = false;
  let waiting: (() => void)[] = [];

  const count = (kind: string, by: number) => underWay.set(kind, (underWay.get(kind) ?? 0) + by);
  const tell = () => {
    for (const run of waiting.splice(0)) run();
  };
  const ring = () => {
    rung = true;
    tell();
  };
  const crew: Crew = {
    room: (kind) => most - (underWay.get(kind) ?? 0),
    busy: () => [...underWay.values()].some((some) => some > 0),
    start(kind, work) {
      count(kind, 1);
      void work.finally(() => {
        count(kind, -1);
        tell();
      });
    },
    ring,
    looks: () => void (rung = false),
    change: () =>
      new Promise((resolve) => {
        if (rung) return resolve();
        const cancel = clock.after(lookAgain, ring);
        waiting.push(() => {
          cancel();
          resolve();
        });
      }),
    async idle() {
      while (crew.busy()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
  return crew;
}

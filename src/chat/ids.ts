import { newId, type Clock } from "#kit";

/** Makes UUIDv7 that rise within one process even inside a millisecond: the order of a conversation is the order of its ids. */
export type Ids = <T extends ReturnType<typeof newId>>() => T;

const MOST_IN_A_MILLISECOND = 0x1000;

/** The 12 bits after the time count up (RFC 9562 §6.2, method 1); a full millisecond borrows from the next. */
export function createIds(clock: Clock): Ids {
  let at = 0;
  let count = 0;
  return <T extends ReturnType<typeof newId>>() => {
    const now = clock.now();
    if (now > at) {
      at = now;
      count = 0;
    } else if (++count === MOST_IN_A_MILLISECOND) {
      at += 1;
      count = 0;
    }
    const id = newId(at);
    return `${id.slice(0, 15)}${count.toString(16).padStart(3, "0")}${id.slice(18)}` as T;
  };
}

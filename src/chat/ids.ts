import { newId, type Clock, type Instant } from "#kit";

type Id = ReturnType<typeof newId>;

/** Makes UUIDv7 that rise within one process even inside a millisecond: the order of a conversation is the order of its ids. */
export interface Ids {
  <T extends Id>(): T;
  /** What comes now sorts after everything made up to this moment, by whomever: another process's clock may be ahead. */
  follow(moment: Instant | null): void;
}

const MOST_IN_A_MILLISECOND = 0x1000;

/** The 12 bits after the time count up (RFC 9562 §6.2, method 1); a full millisecond borrows from the next. */
export function createIds(clock: Clock): Ids {
  let at = 0;
  let count = 0;

  const begin = (ms: number) => {
    at = ms;
    count = 0;
  };
  const next = <T extends Id>(): T => {
    const now = clock.now();
    if (now > at) begin(now);
    else if (++count === MOST_IN_A_MILLISECOND) begin(at + 1);
    const id = newId(at);
    return `${id.slice(0, 15)}${count.toString(16).padStart(3, "0")}${id.slice(18)}` as T;
  };
  const follow = (moment: Instant | null) => {
    if (moment !== null && moment >= at) begin(moment + 1);
  };
  return Object.assign(next, { follow });
}

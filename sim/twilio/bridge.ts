import type { Call } from "./call.ts";
import { changed } from "./call.ts";
import type { Method } from "./webhook.ts";

/** Two legs on their way to each other: the operator's and a caller's from the queue. */
export interface Bridge {
  readonly operator: Call;
  /** What the caller hears just before. */
  readonly whisper: { url: string; method: Method } | null;
  readonly caller: Call | null;
  /** True once the two could hear each other. */
  readonly begun: boolean;
  /** Resolves when either is gone. */
  readonly parted: Promise<void>;
  readonly over: boolean;
  /** They hear each other from now on. */
  begin(caller: Call): void;
  /** Either leaves; harmless afterwards. */
  part(): void;
}

export function createBridge(operator: Call, whisper: Bridge["whisper"]): Bridge {
  let caller: Call | null = null;
  let over = false;
  const { promise: parted, resolve } = Promise.withResolvers<void>();

  const join = (bridge: Bridge | null) => {
    operator.bridge = bridge;
    if (caller) caller.bridge = bridge;
    changed(operator);
    if (caller) changed(caller);
  };

  const bridge: Bridge = {
    operator,
    whisper,
    get caller() {
      return caller;
    },
    get begun() {
      return caller !== null;
    },
    parted,
    get over() {
      return over;
    },
    begin(who) {
      caller = who;
      join(bridge);
    },
    part() {
      if (over) return;
      over = true;
      join(null);
      resolve();
    },
  };
  return bridge;
}

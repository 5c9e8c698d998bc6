import { useEffect, useEffectEvent, useState } from "react";
import { followEvents, type LinkHealth } from "./live.ts";
import { outbox } from "./outbox.ts";

const QUIET_MS = 120;

/** Follows events and calls `changed` once per burst; null stands for "anything". */
export function useLive(changed: (conversations: Set<string | null>) => void): LinkHealth {
  const [health, setHealth] = useState<LinkHealth>("connecting");
  const tell = useEffectEvent(changed);
  useEffect(() => {
    let burst = new Set<string | null>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      const told = burst;
      burst = new Set();
      timer = undefined;
      tell(told);
    };
    const stop = followEvents({
      changed: (conversation) => {
        burst.add(conversation);
        timer ??= setTimeout(flush, QUIET_MS);
      },
      health: (next) => {
        setHealth(next);
        if (next === "live") outbox.retryAll();
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  return health;
}

import { useEffect, useEffectEvent, useState } from "react";
import { followEvents, type LinkHealth } from "./live.ts";
import { outbox } from "./outbox.ts";

const QUIET_MS = 120;

/** Follows events and calls `changed` once per burst; null stands for "anything". `alarmed` tells when to look at the alarms. */
export function useLive(changed: (conversations: Set<string | null>) => void, alarmed: () => void): LinkHealth {
  const [health, setHealth] = useState<LinkHealth>("connecting");
  const tell = useEffectEvent(changed);
  const ring = useEffectEvent(alarmed);
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
      alarmed: () => ring(),
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

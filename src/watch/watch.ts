import type { ChatWatch } from "#chat";
import type { Clock } from "#kit";
import { createMetrics, type Metrics } from "./metrics.ts";
import type { WatchSettings } from "./settings.ts";
import { openTraces, type Traces } from "./traces.ts";

/** All that is told about this process: to Prometheus when it asks, to a collector when one is set. */
export interface Watch extends Omit<Metrics, "chat">, Omit<Traces, "chat"> {
  chat: ChatWatch;
}

interface WatchDeps {
  publicUrl: string;
  clock: Clock;
  log: { warn(fields: object, words: string): void };
}

/** Begins to watch this process. */
export async function openWatch(settings: WatchSettings, { publicUrl, clock, log }: WatchDeps): Promise<Watch> {
  const metrics = createMetrics(settings, publicUrl);
  const traces = await openTraces(settings, { clock, log });
  return {
    ...metrics,
    ...traces,
    chat: {
      ...traces.chat,
      sent(report) {
        metrics.chat.sent(report);
        traces.chat.sent?.(report);
      },
    },
  };
}

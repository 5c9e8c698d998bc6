import type { ChatWatch } from "#chat";
import { between } from "#kit";
import { Counter, Histogram, type Registry } from "prom-client";
import { accountName } from "./account-name.ts";

/** Up to the time limit of the slowest messenger. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts what this process sent and what came of it. */
export function watchSends(registry: Registry): Required<Pick<ChatWatch, "sent">> {
  const sends = new Counter({
    name: "detour_sends_total",
    help: "Sends of this process by what the messenger answered; `because` is the reason of a refusal.",
    labelNames: ["channel", "account", "outcome", "because"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "detour_send_duration_seconds",
    help: "How long the messenger took to answer a send.",
    labelNames: ["channel"],
    buckets: SECONDS,
    registers: [registry],
  });

  return {
    sent({ channel, account, outcome, began, ended }) {
      const because = outcome.kind === "refused" ? outcome.because : "";
      sends.inc({ channel, account: accountName(account), outcome: outcome.kind, because });
      duration.observe({ channel }, between(began, ended) / 1000);
    },
  };
}

import type { Clock } from "#kit";
import type { CallHandler } from "#voice";
import { callPlace } from "./places.ts";
import type { Recorder } from "./recorder.ts";

const ARRIVED = "arrived";

/** What the telephone asks and tells, each request a span in the trace of its call. */
export function watchedCalls(handler: CallHandler, clock: Clock, { record }: Pick<Recorder, "record">): CallHandler {
  let requests = 0;

  async function timed<T>(step: string, providerCall: string, run: () => Promise<T>): Promise<T> {
    const began = clock.now();
    const isFirst = step === ARRIVED;
    const tell = (trouble?: string) =>
      record({
        name: `call ${step}`,
        kind: "server",
        at: callPlace(providerCall, isFirst ? ARRIVED : `${step} ${process.pid} ${began} ${++requests}`),
        ...(isFirst ? {} : { parent: callPlace(providerCall, ARRIVED) }),
        attributes: { "detour.call.provider_id": providerCall },
        began,
        ended: clock.now(),
        ...(trouble === undefined ? {} : { trouble }),
      });
    try {
      const answer = await run();
      tell();
      return answer;
    } catch (error) {
      tell(error instanceof Error ? error.name : "unknown");
      throw error;
    }
  }

  return {
    ...handler,
    arrived: (call) => timed(ARRIVED, call.providerCall, () => handler.arrived(call)),
    waiting: (call, report) => timed("waiting", call, () => handler.waiting(call, report)),
    answered: (call, answer) => timed("answered", call, () => handler.answered(call, answer)),
    pulledOut: (call) => timed("pulled-out", call, () => handler.pulledOut(call)),
    connecting: (call, operator) => timed("connecting", call, () => handler.connecting(call, operator)),
    leftQueue: (call, how) => timed("left-queue", call, () => handler.leftQueue(call, how)),
    statusChanged: (call, ...news) => timed("status", call, () => handler.statusChanged(call, ...news)),
  };
}

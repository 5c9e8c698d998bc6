import { between, millis } from "#kit";
import { createBridge } from "./bridge.ts";
import type { Bridge } from "./bridge.ts";
import { resolveUrl } from "./address.ts";
import { sourceAt } from "./document.ts";
import type { Stage, Turn } from "./follow.ts";
import type { Place, Queue } from "./queue.ts";
import type { Dial } from "./twiml-verbs.ts";
import type { Form } from "./signing.ts";

/**
 * On the operator's leg: takes the first caller of a queue and talks with them. An empty queue is waited for until
 * the timeout; a queue that was never made is an error.
 */
export async function dialQueue(verb: Dial, stage: Stage): Promise<Turn> {
  const queue = stage.world.queues.byName(verb.queue);
  if (!queue) return after(verb, stage, { DialCallStatus: "failed" });
  const bridge = createBridge(stage.call, whisperOf(verb, stage));
  try {
    const place = await front(queue, bridge, verb, stage);
    if (!place) return after(verb, stage, { DialCallStatus: "no-answer" });
    return after(verb, stage, await talk(bridge, place, stage));
  } finally {
    bridge.part();
  }
}

const whisperOf = (verb: Dial, stage: Stage): Bridge["whisper"] => {
  if (verb.whisper === null) return null;
  const url = resolveUrl(verb.whisper.url, stage.document.url);
  return url === null ? null : { url, method: verb.whisper.method };
};

async function front(queue: Queue, bridge: Bridge, verb: Dial, { world, setting }: Stage): Promise<Place | null> {
  const { promise, resolve } = Promise.withResolvers<Place | null>();
  const forget = queue.takeFront(bridge, resolve);
  const stopTimer = world.clock.after(millis(verb.timeoutSeconds * 1000), () => {
    forget();
    resolve(null);
  });
  try {
    return await setting.scope.run(() => promise);
  } finally {
    forget();
    stopTimer();
  }
}

async function talk(bridge: Bridge, place: Place, { world, setting }: Stage): Promise<Form> {
  const startedAt = world.clock.now();
  await setting.scope.run(() => bridge.parted);
  const seconds = Math.floor(between(startedAt, world.clock.now()) / 1000);
  if (!bridge.begun) return { DialCallStatus: "no-answer", DialCallSid: place.call.sid, DialBridged: "false" };
  return {
    DialCallStatus: "completed",
    DialCallSid: place.call.sid,
    DialCallDuration: String(seconds),
    DialBridged: "true",
    QueueSid: place.queue.sid,
    QueueTime: String(Math.floor(place.waitedMs() / 1000)),
  };
}

function after(verb: Dial, { document }: Stage, form: Form): Turn {
  return verb.action === null ? null : { kind: "go", to: sourceAt(verb.action, verb.method, document, form) };
}

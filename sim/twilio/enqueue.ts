import type { Bridge } from "./bridge.ts";
import { endCall } from "./call.ts";
import type { CallScope, CutReason, Source } from "./call.ts";
import { DocumentFailure, sourceAt } from "./document.ts";
import type { Ending, Stage, Turn } from "./follow.ts";
import type { Place } from "./queue.ts";
import { Cut } from "./scope.ts";
import type { Enqueue } from "./twiml-verbs.ts";
import type { Form } from "./signing.ts";

/** Twilio's own word for how a call left the queue. */
type QueueResult =
  | "bridged"
  | "bridging-in-process"
  | "error"
  | "hangup"
  | "leave"
  | "redirected"
  | "redirected-from-bridged"
  | "queue-full";

/** `follow`, handed in because the documents of the queue run inside a verb of another document. */
type Follow = (
  world: Stage["world"],
  call: Stage["call"],
  source: Source,
  setting: Stage["setting"],
) => Promise<Ending>;

/** One stay in a queue, talk included. */
interface Stay {
  place: Place;
  waiting: CallScope;
  talked: boolean;
}

/** A wait document that takes no time at all is not asked for again sooner than this. */
const LEAST_ROUND_MS = 1000;

/**
 * Waits in the queue until the call leaves it, then tells `action` how:
 *
 *     waiting ─▶ leave, error            at once
 *        ├─▶ taken ─▶ bridged            once the two have parted
 *        └─▶ hangup, redirected          told beside whatever the call does next; the answer is not followed
 */
export async function enqueue(verb: Enqueue, stage: Stage, follow: Follow): Promise<Turn> {
  const { world, call, setting } = stage;
  const queue = world.queues.byName(verb.queue) ?? world.queues.create(verb.queue);
  if (queue.places.length >= Math.min(queue.maxSize, verb.maxQueueSize ?? queue.maxSize)) {
    return next(verb, stage, { QueueResult: "queue-full" });
  }
  const waiting = setting.scope.inner();
  const place = queue.join(call, waiting);
  const stay: Stay = { place, waiting, talked: false };
  try {
    const result = await wait(verb, stage, stay, follow);
    return next(verb, stage, world.forms.left(place, result));
  } catch (error) {
    if (error instanceof Cut) tellAside(verb, stage, place, resultOfCut(stay, call.endedAt !== null));
    throw error;
  } finally {
    place.leave();
    waiting.end({ kind: "redirected" });
  }
}

async function wait(verb: Enqueue, stage: Stage, stay: Stay, follow: Follow): Promise<QueueResult> {
  try {
    const ending = await hold(verb, stage, stay, follow);
    stay.place.leave();
    if (ending === "leave") return "leave";
    endCall(stage.world, stage.call, "detour");
    return await stage.call.scope.forever();
  } catch (error) {
    const bridge = error instanceof Cut ? bridgeOf(error.why as CutReason) : null;
    if (bridge) return await connect(bridge, stage, stay, follow);
    if (error instanceof DocumentFailure) return failed(error, verb, stage, stay.place);
    throw error;
  }
}

const bridgeOf = (why: CutReason): Bridge | null => (why.kind === "taken" ? why.bridge : null);

/** Asks for the wait document again and again, each time with the place as it is then. */
async function hold(verb: Enqueue, stage: Stage, stay: Stay, follow: Follow): Promise<"leave" | "hang-up"> {
  const { place, waiting: scope } = stay;
  const { world, call, document } = stage;
  if (verb.waitUrl === null || verb.waitUrl === "") return await scope.forever();
  const form = () => world.forms.waiting(place);
  const setting = { context: "enqueue.waitUrl", scope, form } as const;
  for (;;) {
    const startedAt = world.clock.now();
    const source = sourceAt(verb.waitUrl, verb.waitUrlMethod, document, form());
    const ending = await follow(world, call, source, setting);
    if (ending.kind === "leave" || ending.kind === "hang-up") return ending.kind;
    if (world.clock.now() === startedAt) await scope.wait(LEAST_ROUND_MS);
  }
}

/** The whisper on the caller's side first; then the two talk until they part. */
async function connect(bridge: Bridge, stage: Stage, stay: Stay, follow: Follow): Promise<QueueResult> {
  const { call, setting } = stage;
  try {
    await whisper(bridge, stage, stay.place, follow);
    if (bridge.over) return "bridging-in-process";
    stay.talked = true;
    bridge.begin(call);
    await setting.scope.run(() => bridge.parted);
    return "bridged";
  } finally {
    bridge.part();
  }
}

/** A whisper that fails is skipped: the operator is there, and that is what the caller waited for. */
async function whisper(bridge: Bridge, stage: Stage, place: Place, follow: Follow): Promise<void> {
  if (bridge.whisper === null) return;
  const { world, call, setting } = stage;
  const scope = setting.scope.inner();
  void bridge.parted.then(() => scope.end({ kind: "barged-in" }));
  const form = () => world.forms.whisper(place, bridge.operator);
  const source: Source = { kind: "address", ...bridge.whisper, extra: form() };
  try {
    await follow(world, call, source, { context: "queue.url", scope, form });
  } catch (error) {
    if (setting.scope.cut !== null) throw error;
    if (error instanceof DocumentFailure) world.log(`The whisper document failed: ${error.message}`);
    else if (!(error instanceof Cut)) throw error;
  } finally {
    scope.end({ kind: "barged-in" });
  }
}

/** With a fallback address the call goes there; otherwise the action hears of the error. */
function failed(failure: DocumentFailure, verb: Enqueue, stage: Stage, place: Place): QueueResult {
  place.leave();
  if (stage.call.fallback !== null || verb.action === null) throw failure;
  stage.world.log(`A document for a waiting caller failed: ${failure.message}`);
  return "error";
}

function next(verb: Enqueue, { document }: Stage, form: Form): Turn {
  return verb.action === null ? null : { kind: "go", to: sourceAt(verb.action, verb.method, document, form) };
}

function resultOfCut({ talked }: Stay, isOver: boolean): QueueResult {
  if (isOver) return talked ? "bridged" : "hangup";
  return talked ? "redirected-from-bridged" : "redirected";
}

/** The call is elsewhere already, so nobody follows what the application answers. */
function tellAside(verb: Enqueue, { world, call, document }: Stage, place: Place, result: QueueResult): void {
  if (verb.action === null) return;
  const source = sourceAt(verb.action, verb.method, document, world.forms.left(place, result));
  if (source.kind !== "address") return;
  const form = { ...world.forms.standard(call), ...source.extra };
  void world.webhooks.ask({ url: source.url, method: source.method, form });
}

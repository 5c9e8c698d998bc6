import { millis } from "#kit";
import { answer, changed, endCall, isOver, report } from "./call.ts";
import type { Call, CallStatus, EndedBy, Source } from "./call.ts";
import { DocumentFailure } from "./document.ts";
import { follow, sound } from "./follow.ts";
import type { Ending } from "./follow.ts";
import { Cut } from "./scope.ts";
import type { World } from "./world.ts";

/**
 * What a phone does when it is rung. `by-hand` rings until somebody picks it up; `wrong-number` does not exist in the
 * telephone network; `refused` is not even dialled by Twilio.
 */
export type RingPlan =
  | { answerAfterMs: number }
  | "by-hand"
  | "busy"
  | "no-answer"
  | "failed"
  | "wrong-number"
  | "refused";

/** The telephone network's own words for it. */
const SIP_CODES: Partial<Record<string, number>> = { busy: 486, "no-answer": 487, failed: 503, "wrong-number": 404 };

const APOLOGY = "We are sorry. An application error has occurred. Goodbye.";
/** From dialling until the other side rings, or says that it cannot. */
const CONNECT_MS = 300;

/** An incoming call: from its first document until it is over. Never rejects. */
export async function runInbound(world: World, call: Call): Promise<void> {
  report(world, call, "initiated", "initiated");
  report(world, call, "ringing", "ringing");
  await converse(world, call, { kind: "address", url: world.number.voiceUrl, method: "POST", extra: {} });
}

/** A call we place: held back by Twilio's pace, ringing, then whatever the phone does. Never rejects. */
export async function runOutbound(
  world: World,
  call: Call,
  { source, plan, ringSeconds }: { source: Source; plan: RingPlan; ringSeconds: number },
): Promise<void> {
  try {
    await call.scope.wait(call.queuedMs);
    report(world, call, "initiated", "initiated");
    await call.scope.wait(CONNECT_MS);
    call.sipCode = typeof plan === "string" ? (SIP_CODES[plan] ?? null) : null;
    if (plan === "busy") return endCall(world, call, "caller", plan);
    if (plan === "failed" || plan === "wrong-number") return endCall(world, call, "caller", "failed");
    call.status = "ringing";
    report(world, call, "ringing", "ringing");
    changed(call);
    if (!(await isPickedUp(world, call, plan, ringSeconds * 1000))) return endCall(world, call, "caller", "no-answer");
    answer(world, call);
  } catch (error) {
    if (error instanceof Cut) return;
    throw error;
  }
  await converse(world, call, source);
}

/** Rings as long as it may; true when the phone was picked up meanwhile. */
async function isPickedUp(world: World, call: Call, plan: RingPlan, ringMs: number): Promise<boolean> {
  if (plan === "by-hand") {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    call.lift = () => resolve(true);
    const stop = world.clock.after(millis(ringMs), () => resolve(false));
    return call.scope
      .run(() => promise)
      .finally(() => {
        call.lift = null;
        stop();
      });
  }
  const answersAfterMs = typeof plan === "string" ? Number.POSITIVE_INFINITY : plan.answerAfterMs;
  await call.scope.wait(Math.min(ringMs, answersAfterMs));
  return answersAfterMs <= ringMs;
}

/** Follows documents until the call is over; a redirect from outside starts again with another one. */
async function converse(world: World, call: Call, first: Source): Promise<void> {
  for (let source: Source | null = first; source !== null && !isOver(call);) {
    call.next = null;
    const onwards: Source | null = await stretch(world, call, source);
    source = call.next ?? onwards;
  }
}

/** One stretch between two interruptions; what comes back is where the call goes on by itself. */
async function stretch(world: World, call: Call, source: Source): Promise<Source | null> {
  const scope = call.scope;
  try {
    const ending = await follow(world, call, source, { context: "call", scope, form: () => ({}) });
    const { by, status } = endOf(ending);
    endCall(world, call, by, status);
    return null;
  } catch (error) {
    if (error instanceof Cut) return null;
    return await rescue(world, call, error);
  }
}

/** The number's fallback address, once; then the apology. */
async function rescue(world: World, call: Call, error: unknown): Promise<Source | null> {
  world.log(`A call met an error: ${error instanceof Error ? error.message : String(error)}`);
  const { fallback } = call;
  if (error instanceof DocumentFailure && fallback !== null && error.url !== fallback.url) {
    const extra = { ErrorCode: String(error.code), ErrorUrl: error.url ?? "" };
    return { kind: "address", ...fallback, extra };
  }
  return await apologise(world, call);
}

async function apologise(world: World, call: Call): Promise<null> {
  answer(world, call);
  const setting = { context: "call", scope: call.scope, form: () => ({}) } as const;
  const stage = { world, call, document: { verbs: [], url: null }, setting };
  try {
    await sound({ verb: "Say", text: APOLOGY, loop: 1 }, stage, setting.scope);
    endCall(world, call, "error");
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
  }
  return null;
}

function endOf(ending: Ending): { by: EndedBy; status: CallStatus } {
  if (ending.kind !== "reject") return { by: "detour", status: "completed" };
  return { by: "detour", status: ending.reason === "busy" ? "busy" : "no-answer" };
}

/** Spaces calls out as Twilio does: so many a second, the rest waits its turn. */
export function createPacer(world: () => World, callsPerSecond: number): () => number {
  let nextAt = 0;
  return () => {
    const now = world().clock.now();
    const startsAt = Math.max(now, nextAt);
    nextAt = startsAt + 1000 / callsPerSecond;
    return millis(startsAt - now);
  };
}

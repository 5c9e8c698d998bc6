import { recordEvents, type Database, type Tx } from "#db";
import { between, unreachable, type Clock, type Instant } from "#kit";
import type { Outbound } from "#outbound";
import type { Deflection, Router } from "#router";
import type { CallStatus, LeftQueue, VoiceDocument, VoiceStep } from "#voice";
import { loadCall, logged, saveCall, type Call, type EndReason } from "./calls.ts";
import { laneOf } from "./core/flow.ts";
import { hearCall } from "./lost-contact.ts";
import { catalogue } from "./texts/index.ts";

export interface EndingsDeps {
  db: Database;
  clock: Clock;
  router: Pick<Router, "tell" | "callbacks">;
  outbound: Pick<Outbound, "desk" | "lines">;
}

/** How a call leaves the queue: to an operator, by hanging up, or because the queue cannot hold it. */
export interface Endings {
  connecting(providerCall: string, operatorCall: string): Promise<VoiceDocument>;
  leftQueue(providerCall: string, how: LeftQueue): Promise<VoiceDocument>;
  statusChanged(providerCall: string, status: CallStatus, sequence: number): Promise<void>;
}

const FINAL = new Set<CallStatus>(["completed", "busy", "no-answer", "failed", "cancelled"]);
const FULL_PAUSE_SECONDS = 10;
const UNKNOWN_LINE = "unknown";

export function createEndings({ db, clock, router, outbound: { desk, lines } }: EndingsDeps): Endings {
  async function connecting(tx: Tx, providerCall: string, operatorCall: string): Promise<VoiceDocument> {
    const call = await hearCall(tx, clock, providerCall);
    if (!call) return [];
    if (call.status === "waiting" || call.status === "leaving") await join(tx, call, operatorCall);
    return [say(call, catalogue[call.locale].connecting)];
  }

  async function join(tx: Tx, call: Call, operatorCall: string) {
    const now = clock.now();
    await router.tell(tx, call.id, { kind: "operator-took-call" });
    const operatorId = await lines.take(tx, operatorCall, call.id);
    call.status = "talking";
    call.state = { ...call.state, stage: { at: "talking" } };
    call.connectedAt = now;
    call.operatorId = operatorId;
    call.turn = null;
    await saveCall(tx, call);
    await desk.answeredByPhone(tx, { callId: call.id, phone: call.phone });
    const data = { waitedMs: between(call.enqueuedAt, now) };
    await recordEvents(tx, [logged(call, now, "call.connected", data, operatorId)]);
  }

  /** They have talked. When the news of the connection got lost with its process, it is made good here. */
  async function parted(tx: Tx, call: Call): Promise<VoiceDocument> {
    if (call.status === "waiting") await join(tx, call, UNKNOWN_LINE);
    return [say(call, catalogue[call.locale].talkOver), { do: "hang-up" }];
  }

  async function leftQueue(tx: Tx, providerCall: string, how: LeftQueue): Promise<VoiceDocument> {
    const isOver = how === "hung-up" || how === "bridged";
    const call = isOver ? await loadCall(tx, providerCall) : await hearCall(tx, clock, providerCall);
    if (!call) return how === "hung-up" ? [] : [{ do: "hang-up" }];
    switch (how) {
      case "bridged":
        return parted(tx, call);
      case "hung-up":
        await end(tx, call);
        return [];
      case "pulled-out":
        return [];
      case "queue-full":
        return queueFull(tx, call);
      case "left":
      case "error":
        return backInLine(tx, call);
      default:
        return unreachable(how);
    }
  }

  /** Nobody is turned away without a place: it is kept as a callback, or by trying again for numbers we do not know. */
  async function queueFull(tx: Tx, call: Call): Promise<VoiceDocument> {
    const texts = catalogue[call.locale];
    if (call.phone === null)
      return [say(call, texts.queueFull), { do: "pause", seconds: FULL_PAUSE_SECONDS }, lane(call)];
    const { id: callId, contactId, queue, phone, enqueuedAt } = call;
    const wish = { callId, contactId, queue, phone, enqueuedAt, reason: "queue-full" };
    const when = await router.callbacks.ask(tx, wish);
    call.status = "leaving";
    call.state = { ...call.state, stage: { at: "leaving", because: "queue-full" } };
    await saveCall(tx, call);
    return [say(call, texts.queueFullPromised(when)), { do: "hang-up" }];
  }

  /** Something went wrong at the provider: the caller is still there, so the first place is given back. */
  async function backInLine(tx: Tx, call: Call): Promise<VoiceDocument> {
    if (call.status === "talking") {
      await lines.free(tx, call.id);
      call.status = "waiting";
      call.connectedAt = null;
      call.state = { ...call.state, stage: { at: "waiting" } };
      await saveCall(tx, call);
    }
    return [say(call, catalogue[call.locale].trouble), lane(call)];
  }

  async function statusChanged(tx: Tx, providerCall: string, status: CallStatus, sequence: number) {
    const call = await loadCall(tx, providerCall);
    if (!call || call.status === "ended") return;
    call.heardAt = clock.now();
    const isFinal = FINAL.has(status);
    if (!isFinal && sequence <= call.statusSequence) return;
    call.statusSequence = Math.max(sequence, call.statusSequence);
    if (isFinal) return end(tx, call);
    await saveCall(tx, call);
  }

  async function end(tx: Tx, call: Call) {
    if (call.status === "ended") return;
    const now = clock.now();
    const { endedBy, reason } = await howItEnded(tx, call);
    call.status = "ended";
    call.state = { ...call.state, stage: { at: "ended" } };
    call.endedAt = now;
    call.endReason = reason;
    call.turn = null;
    await saveCall(tx, call);
    await lines.free(tx, call.id);
    await recordEvents(tx, [logged(call, now, "call.ended", { endedBy, reason, waitedMs: waited(call, now) })]);
  }

  async function howItEnded(
    tx: Tx,
    call: Call,
  ): Promise<{ endedBy: "caller" | "detour" | "parties"; reason: EndReason }> {
    const { stage } = call.state;
    if (stage.at === "leaving") return { endedBy: "detour", reason: stage.because };
    if (stage.at === "talking") return { endedBy: "parties", reason: "answered" };
    const deflection = await router.tell(tx, call.id, { kind: "caller-hung-up" });
    return { endedBy: "caller", reason: trustedUs(deflection) ? "gone-to-chat" : "abandoned" };
  }

  return {
    connecting: (providerCall, operatorCall) => db.tx((tx) => connecting(tx, providerCall, operatorCall)),
    leftQueue: (providerCall, how) => db.tx((tx) => leftQueue(tx, providerCall, how)),
    statusChanged: (providerCall, status, sequence) => db.tx((tx) => statusChanged(tx, providerCall, status, sequence)),
  };
}

/** Hung up because a message was promised: counted apart from callers who gave up. */
function trustedUs(deflection: Deflection | null): boolean {
  if (deflection?.at === "kept") return deflection.because === "both";
  return deflection !== null && deflection.at !== "offered";
}

const waited = (call: Call, now: Instant) => between(call.enqueuedAt, call.connectedAt ?? now);

const say = (call: Call, text: string): VoiceStep => ({ do: "say", text, locale: call.locale });

const lane = (call: Call): VoiceStep => ({ do: "enqueue", queue: laneOf(call.queue, call.state.returned) });

import { recordEvents, type Database, type Tx } from "#db";
import { isOpen, nameOf, nextOpening, timeOfDay, type Brands } from "#company";
import type { SettingsOf } from "#config";
import { earlier, newToken, seconds, type Clock } from "#kit";
import type { Outbound } from "#outbound";
import { readRules, scheduleOf, type Caller, type Deflection, type Router } from "#router";
import type { AnswerToAsk, CallHandler, QueueReport, VoiceDocument } from "#voice";
import { addCall, adoptCall, logged, saveCall, type Call } from "./calls.ts";
import { hear, type Heard } from "./core/hear.ts";
import { laneOf, rememberWait, repeatedWait, waitKey, whatIsDue, type Due } from "./core/flow.ts";
import { speakAnswer, speakPulledOut, speakWaiting, type Scene, type Spoken } from "./core/speak.ts";
import { createEndings } from "./endings.ts";
import { fallbackFor } from "./fallback.ts";
import { hearCall } from "./lost-contact.ts";
import type { Operators } from "./operators.ts";
import type { ivrSettings } from "./settings.ts";
import { catalogue } from "./texts/index.ts";

export interface HandlerDeps {
  db: Database;
  clock: Clock;
  router: Router;
  outbound: Pick<Outbound, "callee" | "desk" | "lines">;
  operators: Operators;
  brands: Pick<Brands, "find" | "ofQueue" | "languageOfCall">;
  settings: SettingsOf<typeof ivrSettings>;
}

/**
 * The inbound call: each request of the provider is one short transaction, saved before it is answered.
 * Whoever holds the call's row decides; the deflection is locked after it, never before.
 */
export function createHandler({ db, clock, router, outbound, brands, operators, settings }: HandlerDeps): CallHandler {
  const where = {
    region: settings.PHONE_REGION,
    defaultQueue: settings.DEFAULT_QUEUE,
    defaultLocale: settings.DEFAULT_LOCALE,
    brands,
  };
  const announceEvery = seconds(settings.ANNOUNCE_EVERY_SECONDS);
  const fallback = fallbackFor(settings);
  const endings = createEndings({ db, clock, router, outbound });

  async function waiting(tx: Tx, providerCall: string, report: QueueReport): Promise<VoiceDocument> {
    const call = (await hearCall(tx, clock, providerCall)) ?? (await adopted(tx, providerCall, report));
    if (call.status === "ended" || call.status === "talking") return fallback("waiting");
    const key = waitKey(report);
    const repeated = call.status === "waiting" && repeatedWait(call.state, key);
    if (repeated) return repeated;
    call.providerQueue = report.providerQueue;
    call.providerPosition = report.position;
    const deflection = await deflectionOf(tx, call);
    const closed = closedFor(call);
    const due = whatIsDue(call.state, deflection, clock.now(), { announceEvery, closed: closed !== null });
    const scene = { ...(await prepare(tx, call, due, deflection)), closed };
    const { flow, document } = speakWaiting(call.state, due, scene);
    return speak(tx, call, { flow: rememberWait(flow, key, document), document }, scene);
  }

  /** Whoever asks what to hear without our knowing was put into the default queue by a document for bad times. */
  async function adopted(tx: Tx, providerCall: string, { waitedSeconds }: QueueReport): Promise<Call> {
    const enqueuedAt = earlier(clock.now(), seconds(waitedSeconds));
    await adoptCall(tx, clock, { providerCall, lane: where.defaultQueue, from: "", enqueuedAt }, where);
    return (await hearCall(tx, clock, providerCall))!;
  }

  /** Does what the next words depend on. */
  async function prepare(tx: Tx, call: Call, due: Due, deflection: Deflection | null): Promise<Scene> {
    const scene = sceneOf(call, deflection);
    switch (due.do) {
      case "ask-again":
      case "closed":
        return { ...scene, turn: call.turn ?? scene.turn };
      case "promise":
        return { ...scene, promised: await router.callbacks.toldTo(tx, call.id) };
      case "farewell":
        return { ...scene, deflection: await router.tell(tx, call.id, { kind: "farewell-served" }) };
      case "no-answer":
        return {
          ...scene,
          deflection: await router.decline(
            tx,
            callerOf(call),
            call.state.stage.at === "offered" ? "silent" : "no-number",
          ),
        };
      case "announce":
        return announce(tx, call, due.consider, scene);
      case "outcome":
        return { ...scene, nextChannel: await nextChannel(tx, call) };
      default:
        return scene;
    }
  }

  const nextChannel = async (tx: Tx, call: Call) => (await router.offerNext(tx, callerOf(call)))?.channel ?? null;

  async function announce(tx: Tx, call: Call, consider: boolean, scene: Scene): Promise<Scene> {
    const caller = callerOf(call);
    const { place, size, estimate } = await router.expect(tx, caller);
    const data = {
      place,
      size,
      ewtSeconds: estimate.seconds,
      sigmaSeconds: estimate.sigmaSeconds,
      baselines: { ...estimate.baselines },
      providerPosition: call.providerPosition,
    };
    await recordEvents(tx, [logged(call, clock.now(), "call.waiting", data)]);
    const moment = {
      caller,
      rules: call.rules ?? {},
      peak: call.peak,
      waitSeconds: estimate.seconds,
      place,
      wasAbove: call.state.above,
    };
    return {
      ...scene,
      place: { place, range: estimate.range },
      offer: consider ? await router.consider(tx, moment) : null,
    };
  }

  async function answered(tx: Tx, providerCall: string, answer: AnswerToAsk): Promise<VoiceDocument> {
    const call = await hearCall(tx, clock, providerCall);
    if (!call) return fallback("answered");
    if (call.turnDocument?.turn === answer.turn) return call.turnDocument.document;
    if (call.turn !== answer.turn || call.status !== "waiting") return [{ do: "keep-waiting" }];
    const heard = hear(
      call.state.question?.about ?? call.state.stage,
      answer,
      catalogue[call.locale].speech,
      brands.ofQueue(call.queue).region,
    );
    const deflection = await act(tx, call, heard, answer);
    const scene = {
      ...sceneOf(call, deflection),
      nextChannel: deflection?.at === "kept" ? await nextChannel(tx, call) : null,
      promised: heard.kind === "callback" ? await router.callbacks.toldTo(tx, call.id) : null,
      closed: closedFor(call),
    };
    call.turn = null;
    return speak(tx, call, speakAnswer(call.state, heard, scene), scene, answer.turn);
  }

  /** Tells the router what the answer means; answers the deflection after it. */
  async function act(tx: Tx, call: Call, heard: Heard, answer: AnswerToAsk): Promise<Deflection | null> {
    const caller = callerOf(call);
    switch (heard.kind) {
      case "accept": {
        return router.accept(tx, caller, {
          mode: heard.mode,
          phone: heard.phone,
          by: answer.digits || "speech",
          wording: catalogue[call.locale].wording,
        });
      }
      case "refuse":
        return router.decline(tx, caller, "refused");
      case "silent":
        return call.state.stage.at === "closed" ? null : router.decline(tx, caller, "silent");
      case "no-number":
        return router.decline(tx, caller, "no-number");
      case "callback":
        return chooseCallback(tx, call);
      default:
        return deflectionOf(tx, call);
    }
  }

  async function chooseCallback(tx: Tx, call: Call): Promise<Deflection | null> {
    const { id: callId, contactId, queue, phone, enqueuedAt, state } = call;
    if (state.stage.at !== "closed") return router.tell(tx, callId, { kind: "callback-chosen" });
    if (phone !== null)
      await router.callbacks.ask(tx, { callId, contactId, queue, phone, enqueuedAt, reason: "closed" });
    return null;
  }

  /**
   * For whoever called outside of the hours, and while they last, where the queue wants it. A caller who waited until
   * closing time still waits.
   */
  function closedFor(call: Call): Scene["closed"] {
    const rules = readRules(call.rules ?? {});
    const schedule = scheduleOf(rules, brands.ofQueue(call.queue));
    const now = clock.now();
    if (rules.whenClosed === "wait" || isOpen(schedule, call.enqueuedAt) || isOpen(schedule, now)) return null;
    const opensAt = nextOpening(schedule, now);
    return { opensAt: opensAt === null ? null : timeOfDay(opensAt, schedule.timeZone), mayCall: call.phone !== null };
  }

  async function pulledOut(tx: Tx, providerCall: string): Promise<VoiceDocument> {
    const call = await hearCall(tx, clock, providerCall);
    if (!call || call.status === "ended" || call.status === "talking") return fallback("pulled-out");
    let deflection = await deflectionOf(tx, call);
    if (deflection?.at === "leaving") deflection = await router.tell(tx, call.id, { kind: "farewell-served" });
    const promised = deflection?.at === "owed" ? await router.callbacks.toldTo(tx, call.id) : null;
    const scene = { ...sceneOf(call, deflection), promised };
    const spoken = speakPulledOut(call.state, scene, laneOf(call.queue, true));
    if (spoken.flow.returned && !call.state.returned)
      await recordEvents(tx, [logged(call, clock.now(), "call.returned", { lane: laneOf(call.queue, true) })]);
    return speak(tx, call, spoken, scene);
  }

  /** Only a call that was offered something has one. */
  const deflectionOf = async (tx: Tx, call: Call) => (call.state.channel === null ? null : router.look(tx, call.id));

  const sceneOf = (call: Call, deflection: Deflection | null): Scene => ({
    now: clock.now(),
    locale: call.locale,
    texts: catalogue[call.locale],
    queueName: call.queueName?.[call.locale] ?? nameOf(brands.ofQueue(call.queue), call.locale),
    turn: newToken(12),
    deflection,
    place: null,
    offer: null,
    nextChannel: null,
    promised: null,
    closed: null,
  });

  return {
    ...outbound.callee,
    arrived: async (incoming) => [{ do: "enqueue", queue: await db.tx((tx) => addCall(tx, clock, incoming, where)) }],
    waiting: (providerCall, report) => db.tx((tx) => waiting(tx, providerCall, report)),
    answered: (providerCall, answer) => db.tx((tx) => answered(tx, providerCall, answer)),
    pulledOut: (providerCall) => db.tx((tx) => pulledOut(tx, providerCall)),
    connecting: (providerCall, operatorCall) => endings.connecting(providerCall, operatorCall),
    leftQueue: (providerCall, how) => endings.leftQueue(providerCall, how),
    statusChanged: (providerCall, status, sequence) => endings.statusChanged(providerCall, status, sequence),
    operatorAnswered: (reference) => operators.answered(reference),
    operatorLegEnded: (reference) => operators.legEnded(reference),
    fallback,
  };
}

const callerOf = (call: Call): Caller => ({
  callId: call.id,
  queue: call.queue,
  locale: call.locale,
  phone: call.phone,
  kind: call.callerKind,
  enqueuedAt: call.enqueuedAt,
});

/** Saves what was decided, and only then lets it be heard. */
async function speak(
  tx: Tx,
  call: Call,
  { flow, document }: Spoken,
  scene: Scene,
  answeredTurn?: string,
): Promise<VoiceDocument> {
  call.state = flow;
  if (flow.stage.at === "leaving" && call.status === "waiting") call.status = "leaving";
  if (document.some((step) => step.do === "ask")) {
    call.turn = scene.turn;
    call.state = { ...flow, question: { about: flow.stage, at: scene.now } };
  }
  if (answeredTurn !== undefined) call.turnDocument = { turn: answeredTurn, document };
  await saveCall(tx, call);
  return document;
}

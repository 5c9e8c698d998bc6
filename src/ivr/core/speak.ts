import type { Instant, Locale, PhoneNumber } from "#kit";
import type { CallTime, Deflection, KeepReason, Mode, OfferDecision, WaitEstimate } from "#router";
import type { VoiceDocument, VoiceStep } from "#voice";
import type { ChannelWords, Texts } from "../texts/texts.ts";
import { MOST_ASKS, type Due, type Flow, type Stage } from "./flow.ts";
import type { Heard } from "./hear.ts";

/** What the words are made of. */
export interface Scene {
  now: Instant;
  locale: Locale;
  texts: Texts;
  queueName: string;
  /** Names the next question, if one is asked. */
  turn: string;
  /** The deflection after everything that was told to it. */
  deflection: Deflection | null;
  /** Known when the place is to be announced. */
  place: { place: number; range: WaitEstimate["range"] } | null;
  /** Known when an offer was considered. */
  offer: OfferDecision | null;
  /** The channel to offer next, when the one before did not work. */
  nextChannel: string | null;
  /** What was promised about a callback, when one was. */
  promised: CallTime | null;
  /** Nobody works now. `opensAt` is a time of day, null when nobody knows; `mayCall`: there is a number to call. */
  closed: { opensAt: string | null; mayCall: boolean } | null;
}

/** What the caller hears, and what is remembered of it. */
export interface Spoken {
  flow: Flow;
  document: VoiceDocument;
}

const HOLD: VoiceDocument = [{ do: "play", sound: "hold-music" }, { do: "keep-waiting" }];
const OFFER_SILENCE_SECONDS = 5;
const NUMBER_SILENCE_SECONDS = 10;

/** What a waiting caller hears next. Pure. */
export function speakWaiting(flow: Flow, due: Due, scene: Scene): Spoken {
  switch (due.do) {
    case "farewell":
      return scene.deflection?.at === "committed" ? goodbye(flow, scene) : { flow, document: HOLD };
    case "goodbye":
      return goodbye(flow, scene);
    case "promise":
      return promise(flow, scene);
    case "be-patient":
      return bePatient(flow, scene);
    case "outcome":
      return outcome(flow, due.because, scene);
    case "ask-again":
      return askAgain(flow, scene);
    case "no-answer":
      return hold(flow);
    case "closed":
      return scene.closed?.mayCall ? askClosed(flow, scene) : closedGoodbye(flow, scene);
    case "closed-goodbye":
      return closedGoodbye(flow, scene);
    case "announce":
      return announce(flow, scene);
    case "hold":
      return hold(flow);
  }
}

/** What a caller hears after an answer. Pure. */
export function speakAnswer(flow: Flow, heard: Heard, scene: Scene): Spoken {
  const { texts } = scene;
  switch (heard.kind) {
    case "ask-number":
      return askNumber(flow, heard, scene);
    case "read-back":
      return readBack(flow, heard, scene);
    case "accept":
      return accepted(flow, heard.mode, scene);
    case "callback":
      return scene.promised ? promise(flow, scene) : hold(flow, say(scene, texts.stays));
    case "no-callback":
      return closedGoodbye(flow, scene);
    case "no-number":
      return hold(flow, say(scene, texts.numberNotGiven));
    case "refuse":
    case "stay":
      return hold(flow, say(scene, texts.stays));
    case "silent":
      if (flow.stage.at !== "closed") return hold(flow);
      return flow.stage.asked < MOST_ASKS ? askClosed(flow, scene) : closedGoodbye(flow, scene);
  }
}

/** What a caller hears who was pulled out of the queue; `lane` is where one goes who may not leave. */
export function speakPulledOut(flow: Flow, scene: Scene, lane: string): Spoken {
  if (scene.deflection?.at === "committed") return goodbye(flow, scene);
  if (scene.deflection?.at === "owed") return promise(flow, scene);
  return {
    flow: { ...flow, returned: true },
    document: [say(scene, scene.texts.returned), { do: "enqueue", queue: lane }],
  };
}

/** The channel's name as it is spoken. */
const channelName = (flow: Flow, { texts }: Scene) => texts.channels[flow.channel ?? "other"] ?? texts.channels.other;

/** What is said about the channel, in words that fit it. */
const wordsOf = (flow: Flow, { texts }: Scene): ChannelWords => texts.wordsFor[flow.channel ?? "other"] ?? texts;

const say = ({ locale }: Pick<Scene, "locale">, text: string): VoiceStep => ({ do: "say", text, locale });

const at = (flow: Flow, stage: Stage): Flow => ({ ...flow, stage });

/** Stages that wait for something keep waiting for it; everything else is plain waiting. */
const hold = (flow: Flow, ...before: VoiceStep[]): Spoken => ({
  flow: at(flow, { at: "waiting" }),
  document: [...before, ...HOLD],
});

function goodbye(flow: Flow, scene: Scene): Spoken {
  return {
    flow: at(flow, { at: "leaving", because: "moved" }),
    document: [say(scene, wordsOf(flow, scene).farewell(channelName(flow, scene))), { do: "hang-up" }],
  };
}

function promise(flow: Flow, scene: Scene): Spoken {
  return {
    flow: at(flow, { at: "leaving", because: "callback" }),
    document: [say(scene, scene.texts.callbackPromised(scene.promised ?? { kind: "in-turn" })), { do: "hang-up" }],
  };
}

function askClosed(flow: Flow, scene: Scene): Spoken {
  const { texts, closed } = scene;
  const asked = flow.stage.at === "closed" ? flow.stage.asked + 1 : 1;
  const words = texts.closed(scene.queueName, closed?.opensAt ?? null);
  return {
    flow: at(flow, { at: "closed", asked }),
    document: [ask(scene, words, { digits: 1, hints: texts.speech.callback }), { do: "keep-waiting" }],
  };
}

function closedGoodbye(flow: Flow, scene: Scene): Spoken {
  return {
    flow: at(flow, { at: "leaving", because: "closed" }),
    document: [say(scene, scene.texts.closedGoodbye(scene.closed?.opensAt ?? null)), { do: "hang-up" }],
  };
}

/** Short segments, so that the decision is heard within two seconds of being made. */
function bePatient(flow: Flow, scene: Scene): Spoken {
  const { stage } = flow;
  if (stage.at !== "on-its-way") return accepted(flow, modeOf(scene.deflection), scene);
  const spoken: VoiceStep[] =
    stage.segments % 2 === 0
      ? [say(scene, scene.texts.stillSending), { do: "pause", seconds: 1 }]
      : [{ do: "pause", seconds: 2 }];
  return { flow: at(flow, { ...stage, segments: stage.segments + 1 }), document: [...spoken, { do: "keep-waiting" }] };
}

const modeOf = (deflection: Deflection | null): Mode =>
  deflection?.at === "checking" || deflection?.at === "sending" ? deflection.mode : "move";

function accepted(flow: Flow, mode: Mode, scene: Scene): Spoken {
  const { deflection } = scene;
  if (deflection?.at === "kept") return outcome(flow, deflection.because, scene);
  if (deflection === null || deflection.at === "offered") return hold(flow);
  const channel = channelName(flow, scene);
  const words = mode === "both" ? wordsOf(flow, scene).onItsWayBoth(channel) : wordsOf(flow, scene).onItsWay(channel);
  const act = mode === "both" ? undefined : scene.texts.acts[flow.channel ?? ""];
  const sentences = act === undefined ? [words] : [words, act];
  const spoken = sentences.map((sentence) => say(scene, sentence));
  return {
    flow: at(flow, { at: "on-its-way", mode, segments: 1 }),
    document: [...spoken, { do: "pause", seconds: 1 }, { do: "keep-waiting" }],
  };
}

/** Why the caller stays, once; after that it is plain waiting. */
function outcome(flow: Flow, because: KeepReason, scene: Scene): Spoken {
  const { texts } = scene;
  const channel = channelName(flow, scene);
  switch (because) {
    case "too-slow":
      return choice(flow, 1, scene);
    case "not-here":
      return didNotWork(flow, wordsOf(flow, scene).notHere(channel), scene);
    case "busy":
      return hold(flow, say(scene, wordsOf(flow, scene).notNow(channel)));
    case "unavailable":
    case "failed":
      return didNotWork(flow, wordsOf(flow, scene).notNow(channel), scene);
    case "both":
      return hold(flow, say(scene, wordsOf(flow, scene).sentBoth(channel)));
    case "no-number":
      return hold(flow, say(scene, texts.numberNotGiven));
    default:
      return hold(flow);
  }
}

/** Says so; whoever can be written to elsewhere is asked whether to. */
function didNotWork(flow: Flow, words: string, scene: Scene): Spoken {
  const told = say(scene, words);
  if (scene.nextChannel === null) return hold(flow, told);
  return askOffer({ ...flow, channel: scene.nextChannel }, false, 1, scene, [told]);
}

function choice(flow: Flow, asked: number, scene: Scene): Spoken {
  const { texts } = scene;
  const words = wordsOf(flow, scene).choice(channelName(flow, scene));
  return {
    flow: at(flow, { at: "choice", asked }),
    document: [ask(scene, words, { digits: 1, hints: texts.speech.callback }), { do: "keep-waiting" }],
  };
}

function announce(flow: Flow, scene: Scene): Spoken {
  const { texts, place, offer } = scene;
  const minutes = place?.range ? { from: place.range.fromMinutes, to: place.range.toMinutes } : null;
  const words = [
    ...(flow.announcedAt === null ? [say(scene, texts.greeting(scene.queueName))] : []),
    ...(place ? [say(scene, texts.place(place.place, minutes))] : []),
  ];
  const told: Flow = { ...flow, announcedAt: scene.now, above: offer?.above ?? flow.above };
  if (!offer?.offer) return hold(told, ...words);
  return askOffer({ ...told, channel: offer.channel }, offer.needsNumber, 1, scene, words);
}

function askOffer(flow: Flow, needsNumber: boolean, asked: number, scene: Scene, before: VoiceStep[] = []): Spoken {
  const { texts } = scene;
  const channel = channelName(flow, scene);
  const words = needsNumber ? wordsOf(flow, scene).offerWithNumber(channel) : wordsOf(flow, scene).offer(channel);
  const hints = [...texts.speech.yes, ...texts.speech.both, ...texts.speech.no];
  return {
    flow: at(flow, { at: "offered", needsNumber, asked }),
    document: [...before, ask(scene, words, { digits: 1, hints }), { do: "keep-waiting" }],
  };
}

function askAgain(flow: Flow, scene: Scene): Spoken {
  const { stage } = flow;
  switch (stage.at) {
    case "offered":
      return askOffer(flow, stage.needsNumber, stage.asked + 1, scene);
    case "entering-number":
      return askNumber(flow, { mode: stage.mode, tries: stage.tries + 1, wasWrong: false }, scene);
    case "confirming-number":
      return readBack(flow, { ...stage, tries: stage.tries + 1 }, scene);
    default:
      return askOffer(flow, false, 1, scene);
  }
}

function askNumber(
  flow: Flow,
  { mode, tries, wasWrong }: { mode: Mode; tries: number; wasWrong: boolean },
  scene: Scene,
): Spoken {
  const words = wasWrong ? scene.texts.enterNumberAgain : scene.texts.enterNumber;
  return {
    flow: at(flow, { at: "entering-number", mode, tries }),
    document: [ask(scene, words, { digits: null, hints: [], seconds: NUMBER_SILENCE_SECONDS }), { do: "keep-waiting" }],
  };
}

function readBack(
  flow: Flow,
  { mode, tries, phone }: { mode: Mode; tries: number; phone: PhoneNumber },
  scene: Scene,
): Spoken {
  const words = scene.texts.confirmNumber(phone.slice(1).split(""));
  return {
    flow: at(flow, { at: "confirming-number", mode, tries, phone }),
    document: [ask(scene, words, { digits: 1, hints: [] }), { do: "keep-waiting" }],
  };
}

function ask(
  scene: Scene,
  words: string,
  how: { digits: number | null; hints: string[]; seconds?: number },
): VoiceStep {
  return {
    do: "ask",
    prompt: [say(scene, words)],
    turn: scene.turn,
    locale: scene.locale,
    digits: how.digits,
    timeoutSeconds: how.seconds ?? OFFER_SILENCE_SECONDS,
    speechHints: how.hints,
  };
}

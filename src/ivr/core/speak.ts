import type { Instant, Locale, PhoneNumber } from "#kit";
import type { Deflection, KeepReason, Mode, OfferDecision, WaitEstimate } from "#router";
import type { VoiceDocument, VoiceStep } from "#voice";
import type { Texts } from "../texts/texts.ts";
import type { Due, Flow, Stage } from "./flow.ts";
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
      return scene.deflection?.at === "owed" ? promise(flow, scene) : hold(flow, say(scene, texts.stays));
    case "no-number":
      return hold(flow, say(scene, texts.numberNotGiven));
    case "refuse":
    case "stay":
      return hold(flow, say(scene, texts.stays));
    case "silent":
      return hold(flow);
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
    document: [say(scene, scene.texts.farewell(channelName(flow, scene))), { do: "hang-up" }],
  };
}

function promise(flow: Flow, scene: Scene): Spoken {
  return {
    flow: at(flow, { at: "leaving", because: "callback" }),
    document: [say(scene, scene.texts.callbackPromised), { do: "hang-up" }],
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
  const { deflection, texts } = scene;
  if (deflection?.at === "kept") return outcome(flow, deflection.because, scene);
  if (deflection === null || deflection.at === "offered") return hold(flow);
  const channel = channelName(flow, scene);
  const words = mode === "both" ? texts.onItsWayBoth(channel) : texts.onItsWay(channel);
  const act = mode === "both" ? undefined : texts.acts[flow.channel ?? ""];
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
      return hold(flow, say(scene, texts.notHere(channel)));
    case "busy":
    case "failed":
      return hold(flow, say(scene, texts.notNow(channel)));
    case "both":
      return hold(flow, say(scene, texts.sentBoth(channel)));
    case "no-number":
      return hold(flow, say(scene, texts.numberNotGiven));
    default:
      return hold(flow);
  }
}

function choice(flow: Flow, asked: number, scene: Scene): Spoken {
  const { texts } = scene;
  const words = texts.choice(channelName(flow, scene));
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
  const words = needsNumber ? texts.offerWithNumber(channel) : texts.offer(channel);
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

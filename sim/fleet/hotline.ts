import { instant, seconds } from "#kit";
import type { AnswerToAsk, VoiceDocument } from "#voice";
import { hear, type Heard } from "../../src/ivr/core/hear.ts";
import { arrivedFlow, laneOf, rememberWait, repeatedWait, whatIsDue, type Flow } from "../../src/ivr/core/flow.ts";
import { speakAnswer, speakPulledOut, speakWaiting, type Scene } from "../../src/ivr/core/speak.ts";
import { catalogue } from "../../src/ivr/texts/index.ts";
import {
  dueAt,
  overdue,
  step,
  type CommitLevel,
  type Deflection,
  type DeflectionEffect,
  type DeflectionEvent,
  type OweReason,
} from "../../src/router/core/deflection.ts";
import { decideOffer, limitsOf, noHistory, shareOf } from "../../src/router/core/offer.ts";

/** What the product has saved of one call; everything else dies with its process. */
export interface Saved {
  id: string;
  status: "waiting" | "leaving" | "talking" | "ended";
  flow: Flow;
  deflection: Deflection | null;
  enqueuedAt: number;
  turn: string | null;
  turnDocument: { turn: string; document: VoiceDocument } | null;
  owed: OweReason[];
}

/** Decisions leave as data; the world carries them out (or loses them). */
export interface Told {
  saved: Saved;
  effects: DeflectionEffect[];
  document: VoiceDocument;
}

export const QUEUE = "hotline-ru";

const TEXTS = catalogue.ru;
const RULES_OF_THE_LINE = { announceEvery: seconds(60), closed: false };
const LIMITS = limitsOf({
  thresholdSeconds: 30,
  chatRoomMinutes: 10,
  acceptPauseMinutes: 15,
  acceptsPerDay: 3,
  silenceMinutes: 5,
  refusalDays: 30,
  burstPerMinute: 1000,
  holdOutPercent: 5,
});

/** A call as it is saved when it arrives. */
export const arrive = (id: string, now: number): Saved => ({
  id,
  status: "waiting",
  flow: arrivedFlow,
  deflection: null,
  enqueuedAt: now,
  turn: null,
  turnDocument: null,
  owed: [],
});

/** The product's decisions over what is saved: the same pure functions as in `src/`, without a database around them. */
export function createHotline(commitLevel: CommitLevel) {
  const rules = { commitLevel, patience: seconds(8), probePatience: seconds(2) };
  let turns = 0;

  function tell(saved: Saved, event: DeflectionEvent, now: number): { saved: Saved; effects: DeflectionEffect[] } {
    if (!saved.deflection) return { saved, effects: [] };
    const { state, effects } = step(saved.deflection, event, instant(now), rules);
    const owed = effects.flatMap((effect) => (effect.do === "owe-callback" ? [effect.because] : []));
    return { saved: { ...saved, deflection: state, owed: [...saved.owed, ...owed] }, effects };
  }

  /** Applies the time limit, as the router does whenever it looks. */
  function look(saved: Saved, now: number) {
    const due = saved.deflection && dueAt(saved.deflection);
    return due !== null && due <= now ? tell(saved, overdue(saved.deflection!), now) : { saved, effects: [] };
  }

  const scene = (saved: Saved, now: number): Scene => ({
    now: instant(now),
    locale: "ru",
    texts: TEXTS,
    queueName: "",
    turn: `turn-${turns++}`,
    deflection: saved.deflection,
    place: null,
    offer: null,
    nextChannel: null,
    promised: saved.deflection?.at === "owed" ? { kind: "in-turn" } : null,
    closed: null,
  });

  /** Offers as the rule says; `waitSeconds` is what the caller would wait. */
  function consider(saved: Saved, words: Scene, place: number, waitSeconds: number): { saved: Saved; words: Scene } {
    const inputs = {
      at: words.now,
      share: shareOf(saved.id),
      switch: "auto",
      when: "own-wait",
      open: true,
      atPeak: false,
    } as const;
    const offer = decideOffer(
      {
        ...inputs,
        waitSeconds,
        wasAbove: saved.flow.above ?? false,
        chat: { channels: ["whatsapp-cloud"], waitSeconds: 0 },
        reach: {},
        caller: "mobile",
        history: noHistory,
        acceptedLastMinute: 0,
      },
      LIMITS,
    );
    const again = saved.deflection && tell(saved, { kind: "offered-again" }, words.now).saved.deflection;
    const deflection: Deflection | null = offer.offer ? (again ?? { at: "offered" }) : saved.deflection;
    return { saved: { ...saved, deflection }, words: { ...words, deflection, place: { place, range: null }, offer } };
  }

  function act(saved: Saved, heard: Heard, now: number) {
    switch (heard.kind) {
      case "accept":
        return tell(saved, { kind: "accepted-by-caller", mode: heard.mode }, now);
      case "refuse":
        return tell(saved, { kind: "refused-by-caller" }, now);
      case "silent":
        return tell(saved, { kind: "caller-stayed-silent" }, now);
      case "callback":
        return tell(saved, { kind: "callback-chosen" }, now);
      default:
        return look(saved, now);
    }
  }

  return {
    tell,
    look,

    waiting(before: Saved, now: number, moment: { key: string; place: number; waitSeconds: number }): Told {
      if (before.status === "talking" || before.status === "ended")
        return { saved: before, effects: [], document: HOLD };
      const repeated = before.status === "waiting" && repeatedWait(before.flow, moment.key);
      if (repeated) return { saved: before, effects: [], document: repeated };
      let { saved, effects } = look(before, now);
      const due = whatIsDue(saved.flow, saved.deflection, instant(now), RULES_OF_THE_LINE);
      if (due.do === "farewell") ({ saved, effects } = tell(saved, { kind: "farewell-served" }, now));
      if (due.do === "no-answer") ({ saved, effects } = tell(saved, { kind: "caller-stayed-silent" }, now));
      let words = scene(saved, now);
      if (due.do === "ask-again") words = { ...words, turn: saved.turn ?? words.turn };
      if (due.do === "announce" && due.consider)
        ({ saved, words } = consider(saved, words, moment.place, moment.waitSeconds));
      const { flow, document } = speakWaiting(saved.flow, due, words);
      return speak(saved, effects, { flow: rememberWait(flow, moment.key, document), document }, words);
    },

    answered(before: Saved, answer: AnswerToAsk, now: number): Told {
      if (before.turnDocument?.turn === answer.turn)
        return { saved: before, effects: [], document: before.turnDocument.document };
      if (before.turn !== answer.turn || before.status !== "waiting")
        return { saved: before, effects: [], document: [{ do: "keep-waiting" }] };
      const heard = hear(before.flow.question?.about ?? before.flow.stage, answer, TEXTS.speech, "RU");
      const { saved, effects } = act(before, heard, now);
      const words = scene(saved, now);
      return speak(saved, effects, speakAnswer(saved.flow, heard, words), words, answer.turn);
    },

    pulledOut(before: Saved, now: number): Told {
      if (before.status === "talking" || before.status === "ended")
        return { saved: before, effects: [], document: [{ do: "enqueue", queue: QUEUE }] };
      let { saved, effects } = look(before, now);
      if (saved.deflection?.at === "leaving") ({ saved, effects } = tell(saved, { kind: "farewell-served" }, now));
      const words = scene(saved, now);
      return speak(saved, effects, speakPulledOut(saved.flow, words, laneOf(QUEUE, true)), words);
    },

    connecting(before: Saved, now: number): Told {
      const { saved, effects } = tell(before, { kind: "operator-took-call" }, now);
      return { saved: { ...saved, status: "talking", turn: null }, effects, document: [] };
    },

    hungUp(before: Saved, now: number): Told {
      if (before.status === "ended") return { saved: before, effects: [], document: [] };
      const { saved, effects } =
        before.status === "waiting" ? tell(before, { kind: "caller-hung-up" }, now) : { saved: before, effects: [] };
      return { saved: { ...saved, status: "ended" }, effects, document: [] };
    },
  };
}

export type Hotline = ReturnType<typeof createHotline>;

const HOLD: VoiceDocument = [{ do: "play", sound: "hold-music" }, { do: "keep-waiting" }];

function speak(
  saved: Saved,
  effects: DeflectionEffect[],
  spoken: { flow: Flow; document: VoiceDocument },
  words: Scene,
  answered?: string,
): Told {
  const { flow, document } = spoken;
  const leaves = flow.stage.at === "leaving" && saved.status === "waiting";
  const asks = document.some((voiceStep) => voiceStep.do === "ask");
  return {
    saved: {
      ...saved,
      flow: asks ? { ...flow, question: { about: flow.stage, at: words.now } } : flow,
      status: leaves ? "leaving" : saved.status,
      turn: asks ? words.turn : answered === undefined ? saved.turn : null,
      turnDocument: answered === undefined ? saved.turnDocument : { turn: answered, document },
    },
    effects,
    document,
  };
}

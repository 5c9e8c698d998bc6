import { millis } from "#kit";
import type { Cancel } from "#kit";
import { changed } from "./call.ts";
import type { CallScope, Listener } from "./call.ts";
import type { Stage } from "./follow.ts";
import { Cut } from "./scope.ts";
import type { Sound } from "./twiml.ts";
import type { Gather } from "./twiml-verbs.ts";

/** What the person at the phone answered. */
export type Gathered =
  | { kind: "nothing" }
  /** `finishedOn` is the key that ended the answer; empty when it ended otherwise. */
  | { kind: "keys"; digits: string; finishedOn: string }
  | { kind: "speech"; text: string };

/** The silence after which Twilio takes a sentence as finished when left to decide. */
const AUTOMATIC_SILENCE_SECONDS = 1;

type PlaySound = (sound: Sound, stage: Stage, scope: CallScope) => Promise<void>;

/** Listens from the first prompt on; the patience starts only after the last one. The first kind of input wins. */
export async function gather(verb: Gather, stage: Stage, play: PlaySound): Promise<Gathered> {
  const { call, setting } = stage;
  const prompts = setting.scope.inner();
  const ear = createEar(verb, stage, prompts);
  call.listener = ear.listener;
  changed(call);
  try {
    await playAll(verb.prompts, stage, prompts, play);
    ear.startPatience();
    return await setting.scope.run(() => ear.gathered);
  } finally {
    ear.close();
    prompts.end({ kind: "barged-in" });
    if (call.listener === ear.listener) call.listener = null;
    changed(call);
  }
}

async function playAll(sounds: Sound[], stage: Stage, scope: CallScope, play: PlaySound): Promise<void> {
  try {
    for (const one of sounds) await play(one, stage, scope);
  } catch (error) {
    if (!(error instanceof Cut) || stage.setting.scope.cut !== null) throw error;
  }
}

/** Collects keys or one sentence. */
function createEar(verb: Gather, { world }: Stage, prompts: CallScope) {
  const { promise: gathered, resolve } = Promise.withResolvers<Gathered>();
  let digits = "";
  let speaking = false;
  let stopTimer: Cancel | null = null;

  const after = (seconds: number, run: () => void) => {
    stopTimer?.();
    stopTimer = world.clock.after(millis(seconds * 1000), run);
  };
  const settle = (answer: Gathered) => {
    stopTimer?.();
    prompts.end({ kind: "barged-in" });
    resolve(answer);
  };
  const keysSoFar = (finishedOn = ""): Gathered =>
    digits === "" ? { kind: "nothing" } : { kind: "keys", digits, finishedOn };
  const patience = () => after(verb.timeoutSeconds, () => settle(keysSoFar()));

  const listener: Listener = {
    keys: verb.keys,
    speech: verb.speech,
    key(key) {
      if (!verb.keys || speaking) return;
      if (verb.bargeIn) prompts.end({ kind: "barged-in" });
      if (key === verb.finishOnKey) return settle(keysSoFar(key));
      digits += key;
      if (digits.length === verb.numDigits) return settle(keysSoFar());
      patience();
    },
    say(text) {
      if (!verb.speech || speaking || digits !== "") return;
      speaking = true;
      if (verb.bargeIn) prompts.end({ kind: "barged-in" });
      const silence = verb.speechTimeoutSeconds ?? AUTOMATIC_SILENCE_SECONDS;
      const lasting = world.pace(world.sounds.speechMs(text)) / 1000;
      after(lasting + silence, () => settle({ kind: "speech", text }));
    },
  };

  return {
    gathered,
    listener,
    startPatience() {
      if (digits === "" && !speaking) patience();
    },
    close: () => stopTimer?.(),
  };
}

import { unreachable, type Locale } from "#kit";
import type { VoiceDocument, VoiceStep } from "#voice";
import VoiceResponse from "twilio/lib/twiml/VoiceResponse.js";
import type { Addresses } from "./addresses.ts";
import { stretchesOf } from "./recordings.ts";
import type { Sounds } from "./sounds.ts";
import { speak } from "./speech.ts";

/** How Twilio speaks and hears each language. */
export type Voices = Record<Locale, { voice: string; language: string; listens: boolean }>;

export interface Rendering {
  addresses: Addresses;
  voices: Voices;
  sounds: Sounds;
}

type Ask = Extract<VoiceStep, { do: "ask" }>;
type Say = Extract<VoiceStep, { do: "say" }>;
type Speaker = Pick<VoiceResponse, "say" | "play" | "pause">;

const LONGEST_QUEUE_NAME = 64;
const MOST_HINTS = 500;
const LONGEST_HINT = 100;

/** A document that says nothing new: for a call that has ended or follows another document already. */
export const EMPTY = new VoiceResponse().toString();

/** Pure. The document in Twilio's language. Throws when a step cannot stand where it is or carries a bad name. */
export function renderTwiml(document: VoiceDocument, rendering: Rendering): string {
  const response = new VoiceResponse();
  for (const step of document) addStep(response, step, rendering);
  return response.toString();
}

/** What callers hear when not one process of ours answers, recordings neither: rendered once, kept outside. */
export function renderFallback(document: VoiceDocument, voices: Voices): string {
  const response = new VoiceResponse();
  for (const step of document) {
    if (step.do === "say") say(response, step.text, voices[step.locale]);
    if (step.do === "enqueue") response.enqueue(queueName(step.queue));
  }
  return response.toString();
}

function addStep(response: VoiceResponse, step: VoiceStep, rendering: Rendering): void {
  const { addresses } = rendering;
  switch (step.do) {
    case "say":
    case "play":
    case "pause":
      return addSound(response, step, rendering);
    case "ask":
      return ask(response, step, rendering);
    case "enqueue":
      response.enqueue(
        { action: addresses.left, method: "POST", waitUrl: addresses.wait, waitUrlMethod: "POST" },
        queueName(step.queue),
      );
      return;
    case "keep-waiting":
      response.redirect({ method: "POST" }, addresses.wait);
      return;
    case "leave-queue":
      response.leave();
      return;
    case "take-from-queue":
      response
        .dial({ timeout: step.timeoutSeconds })
        .queue({ url: addresses.connecting, method: "POST" }, queueName(step.queue));
      return;
    case "hang-up":
      response.hangup();
      return;
    default:
      unreachable(step);
  }
}

function addSound(speaker: Speaker, step: VoiceStep, rendering: Rendering): void {
  const { addresses } = rendering;
  switch (step.do) {
    case "say":
      return sayOrPlay(speaker, step, rendering);
    case "play":
      speaker.play(addresses.sound(step.sound));
      return;
    case "pause":
      speaker.pause({ length: step.seconds });
      return;
    default:
      throw new Error(`"${step.do}" cannot be part of a question; only say, play and pause can.`);
  }
}

function sayOrPlay(speaker: Speaker, { text, locale }: Say, { addresses, voices, sounds }: Rendering): void {
  for (const stretch of stretchesOf(speak(text), locale, sounds)) {
    if ("recorded" in stretch) speaker.play(addresses.sound(stretch.recorded));
    else say(speaker, stretch.spoken, voices[locale]);
  }
}

/** Twilio reports an error for an empty text, so silence is left out. */
function say(speaker: Speaker, text: string, { voice, language }: Voices[Locale]): void {
  const spoken = speak(text);
  if (spoken !== "") speaker.say({ language, voice } as VoiceResponse.SayAttributes, spoken);
}

/**
 * Silence must come to `action` too, else Twilio would go on with the next verb. When the number of keys is
 * known no key ends the answer, so that `#` and `*` are answers like the others.
 */
function ask(response: VoiceResponse, step: Ask, rendering: Rendering): void {
  const { language, listens } = rendering.voices[step.locale];
  const listensToSpeech = listens && step.speechHints.length > 0;
  const gather = response.gather({
    input: listensToSpeech ? ["dtmf", "speech"] : ["dtmf"],
    action: rendering.addresses.answer(step.turn),
    method: "POST",
    actionOnEmptyResult: true,
    timeout: step.timeoutSeconds,
    ...(step.digits === null ? { finishOnKey: "#" } : { numDigits: step.digits, finishOnKey: "" }),
    ...(listensToSpeech && { language, speechTimeout: "auto", hints: hints(step.speechHints) }),
  } as VoiceResponse.GatherAttributes);
  for (const sound of step.prompt) addSound(gather, sound, rendering);
}

const hints = (words: string[]): string =>
  words
    .slice(0, MOST_HINTS)
    .map((word) => speak(word.slice(0, LONGEST_HINT)).replaceAll(",", " "))
    .filter((word) => word !== "")
    .join(", ");

function queueName(name: string): string {
  if (name !== "" && name === speak(name) && name.length <= LONGEST_QUEUE_NAME) return name;
  throw new Error(`The name of a queue has 1 to ${LONGEST_QUEUE_NAME} printable characters.`);
}

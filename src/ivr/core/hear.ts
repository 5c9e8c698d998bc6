import { mayHaveMessenger, readCallerId, type PhoneNumber, type Region } from "#kit";
import type { Mode } from "#router";
import type { SpeechWords } from "../texts/texts.ts";
import type { Stage } from "./flow.ts";

/** What an answer means at the moment it was given. */
export type Heard =
  | { kind: "accept"; mode: Mode; phone: PhoneNumber | null }
  | { kind: "refuse" }
  | { kind: "silent" }
  | { kind: "ask-number"; mode: Mode; tries: number; wasWrong: boolean }
  | { kind: "read-back"; mode: Mode; tries: number; phone: PhoneNumber }
  | { kind: "no-number" }
  | { kind: "callback" }
  | { kind: "no-callback" }
  | { kind: "stay" };

interface Answer {
  digits: string;
  speech: string;
}

const MOST_TRIES = 2;

/** Pure. An answer to a question that is no longer asked means nothing: the caller stays. */
export function hear(stage: Stage, answer: Answer, words: SpeechWords, region: Region): Heard {
  switch (stage.at) {
    case "offered":
      return hearOffer(stage.needsNumber, answer, words);
    case "entering-number":
      return hearNumber(stage, answer, region);
    case "confirming-number":
      if (answer.digits === "1") return { kind: "accept", mode: stage.mode, phone: stage.phone };
      return again(stage, false);
    case "choice":
      return wantsCallback(answer, words) ? { kind: "callback" } : { kind: "stay" };
    case "closed":
      if (wantsCallback(answer, words)) return { kind: "callback" };
      return { kind: answer.digits === "" && answer.speech === "" ? "silent" : "no-callback" };
    default:
      return { kind: "stay" };
  }
}

const wantsCallback = ({ digits, speech }: Answer, words: SpeechWords) =>
  digits === "2" || says(speech, words.callback);

function hearOffer(needsNumber: boolean, answer: Answer, words: SpeechWords): Heard {
  const mode = wish(answer, words);
  if (mode === "move" || mode === "both")
    return needsNumber
      ? { kind: "ask-number", mode, tries: 1, wasWrong: false }
      : { kind: "accept", mode, phone: null };
  return { kind: mode };
}

/** Any other key is a refusal; words nobody expects are noise and count as silence. */
function wish({ digits, speech }: Answer, words: SpeechWords): Mode | "refuse" | "silent" {
  if (digits === "1") return "move";
  if (digits === "2") return "both";
  if (digits !== "") return "refuse";
  if (says(speech, words.no)) return "refuse";
  if (says(speech, words.both)) return "both";
  return says(speech, words.yes) ? "move" : "silent";
}

type Asking = Extract<Stage, { at: "entering-number" | "confirming-number" }>;

function hearNumber(stage: Extract<Stage, { at: "entering-number" }>, { digits }: Answer, region: Region): Heard {
  const caller = readCallerId(digits, region);
  if (caller.kind === "number" && mayHaveMessenger(caller))
    return { kind: "read-back", mode: stage.mode, tries: stage.tries, phone: caller.phone };
  return again(stage, digits !== "");
}

const again = ({ mode, tries }: Asking, wasWrong: boolean): Heard =>
  tries < MOST_TRIES ? { kind: "ask-number", mode, tries: tries + 1, wasWrong } : { kind: "no-number" };

/** True when the speech contains one of the phrases as whole words. */
function says(speech: string, phrases: string[]): boolean {
  const heard = ` ${speech
    .toLowerCase()
    .replace(/ё/g, "е")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;
  return phrases.some((phrase) => heard.includes(` ${phrase} `));
}

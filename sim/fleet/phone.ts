import type { VoiceDocument } from "#voice";
import { fallbackFor } from "../../src/ivr/fallback.ts";
import type { Random } from "../kit/random.ts";
import type { Agenda } from "./agenda.ts";
import type { Counts } from "./counts.ts";
import { around, type Faults } from "./faults.ts";
import { QUEUE, type Told } from "./hotline.ts";
import type { Live } from "./live.ts";

/** What the telephone provider asks the product about one call. */
export type Request = "waiting" | "pulled-out" | { turn: string; digits: string; isChoice: boolean };

export interface PhoneDeps {
  agenda: Agenda;
  random: Random;
  faults: Faults;
  counts: Counts;
  /** The product's decision; `visit` names the moment, a repeated request repeats it. */
  decide(live: Live, what: Request, visit: number): Told;
  save(live: Live, told: Told): void;
  /** The call is over. */
  ended(live: Live): void;
}

const NETWORK_MS = 60;

/** A telephone provider: asks, plays what it hears step by step, and lets the caller press keys. Answers `request`. */
export function createPhone(deps: PhoneDeps): (live: Live, what: Request) => void {
  const { agenda, random, faults, counts } = deps;

  /** The provider asks what the caller hears next; whoever asks later makes earlier documents void. */
  function request(live: Live, what: Request) {
    const visit = ++live.visit;
    agenda.after(around(random, NETWORK_MS), () => {
      if (live.visit !== visit || live.at === "away" || live.at === "talking") return;
      const document = serve(live, what, visit);
      if (document) watchPress(live, what);
      if (random.chance(faults.doubledRequest)) serve(live, what, visit);
      if (random.chance(faults.doubledRequest)) agenda.after(around(random, 3000), () => serve(live, what, visit));
      play(live, document ?? fallback(what), visit);
    });
  }

  /** Null when the process died before it could answer. */
  function serve(live: Live, what: Request, visit: number): VoiceDocument | null {
    if (random.chance(faults.crashBeforeSave)) return crashed(live);
    const told = deps.decide(live, what, visit);
    deps.save(live, told);
    return random.chance(faults.crashAfterSave) ? crashed(live) : told.document;
  }

  function crashed(live: Live): null {
    live.disturbed = true;
    counts.crashes++;
    return null;
  }

  /** The provider executes a document step by step. */
  function play(live: Live, document: VoiceDocument, visit: number) {
    const [head, ...rest] = document;
    const go = (delay: number, then: () => void) =>
      agenda.after(delay, () => {
        if (live.visit === visit && live.at !== "away" && live.at !== "talking") then();
      });
    watchDecision(live, head);
    switch (head?.do) {
      case "say":
        return go(head.text.length * 60, () => play(live, rest, visit));
      case "pause":
        return go(head.seconds * 1000, () => play(live, rest, visit));
      case "play":
        return go(12_000, () => play(live, rest, visit));
      case "ask":
        return go(1000 + around(random, 3000), () => answer(live, head.turn));
      case "enqueue":
        live.at = "queue";
        return request(live, "waiting");
      case "hang-up":
        return hangUp(live);
      default:
        return request(live, "waiting");
    }
  }

  /** Whoever pressed 1 or 2 at an offer that stands must have accepted it. */
  function watchPress(live: Live, what: Request) {
    const accepts = typeof what === "object" && !what.isChoice && (what.digits === "1" || what.digits === "2");
    const { status, deflection } = live.saved;
    if (!accepts || status !== "waiting" || live.disturbed) return;
    if (deflection?.at === "offered" || (deflection?.at === "kept" && deflection.because === "silent"))
      counts.lostPresses++;
  }

  /** From the press to anything but "it is on its way". */
  function watchDecision(live: Live, head: VoiceDocument[number] | undefined) {
    if (live.pressedAt === null || head === undefined || head.do === "pause" || head.do === "keep-waiting") return;
    const stage = live.saved.flow.stage.at;
    if (stage === "on-its-way" || stage === "offered") return;
    if (!live.disturbed) counts.slowestDecisionMs = Math.max(counts.slowestDecisionMs, agenda.now - live.pressedAt);
    live.pressedAt = null;
  }

  function answer(live: Live, turn: string) {
    const isChoice = live.saved.flow.question?.about.at === "choice";
    const digits = keyOf(isChoice, random);
    if (!isChoice && (digits === "1" || digits === "2")) live.pressedAt = agenda.now;
    request(live, { turn, digits, isChoice });
  }

  /** We hang up. This is the moment every promise is about. */
  function hangUp(live: Live) {
    live.endedBy = "us";
    live.at = "away";
    const { stage } = live.saved.flow;
    live.promised = stage.at === "leaving" && stage.because === "callback";
    live.atHangUp = live.message;
    if (live.promised) counts.callbacksPromised++;
    deps.ended(live);
  }

  return request;
}

const keepsThePlace = fallbackFor({ DEFAULT_QUEUE: QUEUE, DEFAULT_LOCALE: "ru" });

/** What the product has left with the provider for when it does not answer. */
const fallback = (what: Request): VoiceDocument => keepsThePlace(typeof what === "object" ? "answered" : what);

/** Half of the callers accept an offer; a third of those who waited in vain want to be called back. */
function keyOf(isChoice: boolean, random: Random): string {
  if (isChoice) return random.chance(0.3) ? "2" : "";
  if (random.chance(0.5)) return "1";
  if (random.chance(0.2)) return "2";
  return random.chance(0.3) ? "7" : "";
}

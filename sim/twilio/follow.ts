import { unreachable } from "#kit";
import { answer, changed } from "./call.ts";
import type { Call, CallScope, Heard, Source } from "./call.ts";
import { dialQueue } from "./dial.ts";
import { open, sourceAt } from "./document.ts";
import type { Setting, TwimlDocument } from "./document.ts";
import { resolveUrl } from "./address.ts";
import { enqueue } from "./enqueue.ts";
import { gather } from "./gather.ts";
import type { Gathered } from "./gather.ts";
import type { Sound, Verb } from "./twiml.ts";
import type { Gather } from "./twiml-verbs.ts";
import type { World } from "./world.ts";

/** How a document, with all it redirects to, came to its end. */
export type Ending =
  | { kind: "ran-out" }
  | { kind: "leave" }
  | { kind: "hang-up" }
  | { kind: "reject"; reason: "rejected" | "busy" };

/** What one verb means for the rest of its document: null goes on with the next one. */
export type Turn = Exclude<Ending, { kind: "ran-out" }> | { kind: "go"; to: Source } | null;

/** A verb at work. */
export interface Stage {
  world: World;
  call: Call;
  document: TwimlDocument;
  setting: Setting;
}

/** Runs a document and every document it goes on to. */
export async function follow(world: World, call: Call, first: Source, setting: Setting): Promise<Ending> {
  for (let source = first; ;) {
    const document = await open(world, call, source, setting);
    const turn = await runAll({ world, call, document, setting });
    if (turn === null) return { kind: "ran-out" };
    if (turn.kind !== "go") return turn;
    source = turn.to;
  }
}

async function runAll(stage: Stage): Promise<Turn> {
  for (const verb of stage.document.verbs) {
    // Rejecting is free because the call was never picked up; a pause first is a longer ring.
    if (verb.verb !== "Reject" && verb.verb !== "Pause") answer(stage.world, stage.call);
    const turn = await run(verb, stage);
    if (turn !== null) return turn;
  }
  return null;
}

async function run(verb: Verb, stage: Stage): Promise<Turn> {
  const { setting, document } = stage;
  switch (verb.verb) {
    case "Say":
    case "Play":
    case "Pause":
      await sound(verb, stage, setting.scope);
      return null;
    case "Gather":
      return afterGather(verb, await gather(verb, stage, sound), stage);
    case "Enqueue":
      return await enqueue(verb, stage, follow);
    case "Dial":
      return await dialQueue(verb, stage);
    case "Redirect":
      return { kind: "go", to: sourceAt(verb.url, verb.method, document, setting.form()) };
    case "Reject":
      return { kind: "reject", reason: verb.reason };
    case "Leave":
      return { kind: "leave" };
    case "Hangup":
      return { kind: "hang-up" };
    default:
      return unreachable(verb);
  }
}

/** Plays one sound on the caller's side until it is over or cut. */
export async function sound(verb: Sound, stage: Stage, scope: CallScope): Promise<void> {
  const { world, call, document } = stage;
  if (verb.verb === "Pause") return await scope.wait(world.pace(verb.seconds * 1000));
  const isSpeech = verb.verb === "Say";
  const text = isSpeech ? verb.text : (resolveUrl(verb.url, document.url) ?? "");
  const ms = isSpeech ? world.sounds.speechMs(text) : await scope.run(() => world.sounds.recordingMs(text));
  if (ms === 0) return;
  await hear(call, { at: world.clock.now(), kind: isSpeech ? "say" : "play", text }, async () => {
    for (let times = 0; verb.loop === 0 || times < verb.loop; times += 1) await scope.wait(world.pace(ms));
  });
}

async function hear(call: Call, what: Heard, lasting: () => Promise<void>): Promise<void> {
  call.heard.push(what);
  call.hearing = what;
  changed(call);
  try {
    await lasting();
  } finally {
    call.hearing = null;
    changed(call);
  }
}

/** On silence the next verb runs, unless the document asks to be told of silence too. */
function afterGather(verb: Gather, gathered: Gathered, stage: Stage): Turn {
  const go = (extra: Record<string, string>): Turn => ({
    kind: "go",
    to: sourceAt(verb.action ?? stage.document.url ?? "", verb.method, stage.document, extra),
  });
  switch (gathered.kind) {
    case "keys":
      return go({
        Digits: gathered.digits,
        ...(gathered.finishedOn === "" ? {} : { FinishedOnKey: gathered.finishedOn }),
      });
    case "speech":
      return go({ SpeechResult: gathered.text, Confidence: "0.93" });
    case "nothing":
      if (!verb.actionOnEmptyResult) return null;
      return go({ ...(verb.keys ? { Digits: "" } : {}), ...(verb.speech ? { SpeechResult: "" } : {}) });
    default:
      return unreachable(gathered);
  }
}

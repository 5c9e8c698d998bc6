import type { Sound } from "./twiml.ts";
import type { Method } from "./webhook.ts";
import { TwimlError, attributesOf, childrenOf, flag, nameOf, oneOf, textOf, whole } from "./xml.ts";
import type { Attributes, XmlNode } from "./xml.ts";

/** Speaks and listens; what was keyed in or said goes to `action`. */
export interface Gather {
  verb: "Gather";
  keys: boolean;
  speech: boolean;
  /** null: the address of the document itself. */
  action: string | null;
  method: Method;
  /** null: as many as the caller likes. */
  numDigits: number | null;
  /** Empty: no key ends the answer. */
  finishOnKey: string;
  timeoutSeconds: number;
  /** Silence that ends what was said; null: Twilio decides. */
  speechTimeoutSeconds: number | null;
  actionOnEmptyResult: boolean;
  bargeIn: boolean;
  prompts: Sound[];
}

/** Takes a place in a queue. */
export interface Enqueue {
  verb: "Enqueue";
  queue: string;
  action: string | null;
  method: Method;
  /** null: Twilio's own music; empty: silence. */
  waitUrl: string | null;
  waitUrlMethod: Method;
  maxQueueSize: number | null;
}

/** Joins this call with the first one waiting in a queue. */
export interface Dial {
  verb: "Dial";
  queue: string;
  whisper: { url: string; method: Method } | null;
  action: string | null;
  method: Method;
  timeoutSeconds: number;
}

const LONGEST_QUEUE_NAME = 64;

export function readGather(given: Attributes, prompts: Sound[]): Gather {
  const inputs = (given["input"] ?? "dtmf").split(/[\s,]+/).filter((word) => word !== "");
  const unknown = inputs.find((word) => word !== "dtmf" && word !== "speech");
  if (unknown !== undefined) throw new TwimlError(13335, `input="${unknown}" is neither dtmf nor speech.`);
  const speechTimeout = given["speechTimeout"] === "auto" ? null : whole(given, "speechTimeout", null);
  return {
    verb: "Gather",
    keys: inputs.includes("dtmf"),
    speech: inputs.includes("speech"),
    action: given["action"] ?? null,
    method: oneOf(given, "method", ["POST", "GET"]),
    numDigits: whole(given, "numDigits", null),
    finishOnKey: given["finishOnKey"] ?? "#",
    timeoutSeconds: given["timeout"] === "auto" ? 5 : whole(given, "timeout", 5),
    speechTimeoutSeconds: speechTimeout,
    actionOnEmptyResult: flag(given, "actionOnEmptyResult", false),
    bargeIn: flag(given, "bargeIn", true),
    prompts,
  };
}

export function readEnqueue(given: Attributes, queue: string): Enqueue {
  if (queue === "" || queue.length > LONGEST_QUEUE_NAME) {
    throw new TwimlError(14201, `A queue name has 1 to ${LONGEST_QUEUE_NAME} characters.`);
  }
  return {
    verb: "Enqueue",
    queue,
    action: given["action"] ?? null,
    method: oneOf(given, "method", ["POST", "GET"]),
    waitUrl: given["waitUrl"] ?? null,
    waitUrlMethod: oneOf(given, "waitUrlMethod", ["POST", "GET"]),
    maxQueueSize: whole(given, "maxQueueSize", null),
  };
}

/** Only `<Queue>` can be dialled here: nothing else is asked of the stand-in. */
export function readDial(node: XmlNode): Dial {
  const given = attributesOf(node);
  const [target, ...others] = childrenOf(node).filter((child) => textOf(child).trim() !== "");
  if (!target || others.length > 0 || nameOf(target) !== "Queue") {
    throw new TwimlError(12200, "The stand-in dials exactly one <Queue> and nothing else.");
  }
  const queue = attributesOf(target);
  const url = queue["url"];
  return {
    verb: "Dial",
    queue: textOf(target).trim(),
    whisper: url === undefined ? null : { url, method: oneOf(queue, "method", ["POST", "GET"]) },
    action: given["action"] ?? null,
    method: oneOf(given, "method", ["POST", "GET"]),
    timeoutSeconds: whole(given, "timeout", 30),
  };
}

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { unreachable } from "#kit";
import { readDial, readEnqueue, readGather } from "./twiml-verbs.ts";
import type { Dial, Enqueue, Gather } from "./twiml-verbs.ts";
import { TwimlError, attributesOf, childrenOf, nameOf, oneOf, textOf, whole } from "./xml.ts";
import type { XmlNode } from "./xml.ts";
import type { Method } from "./webhook.ts";

/** Where a document runs decides which verbs it may hold. */
export type TwimlContext = "call" | "enqueue.waitUrl" | "queue.url" | "gather.children";

interface Say {
  verb: "Say";
  text: string;
  /** 0: again and again. */
  loop: number;
}
interface Play {
  verb: "Play";
  url: string;
  loop: number;
}
interface Pause {
  verb: "Pause";
  seconds: number;
}
export type Sound = Say | Play | Pause;

/** One instruction of a TwiML document. */
export type Verb =
  | Sound
  | Gather
  | Enqueue
  | Dial
  | { verb: "Leave" }
  | { verb: "Hangup" }
  | { verb: "Redirect"; url: string; method: Method }
  | { verb: "Reject"; reason: "rejected" | "busy" };

const ALLOWED: Record<TwimlContext, readonly Verb["verb"][]> = {
  call: ["Say", "Play", "Pause", "Gather", "Enqueue", "Dial", "Leave", "Hangup", "Redirect", "Reject"],
  "enqueue.waitUrl": ["Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"],
  "queue.url": ["Play", "Say", "Pause", "Redirect"],
  "gather.children": ["Say", "Play", "Pause"],
};

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** The verbs of a document, in order. Throws `TwimlError` where Twilio would raise an error. */
export function readTwiml(xml: string, context: TwimlContext): Verb[] {
  const wellFormed = XMLValidator.validate(xml);
  if (wellFormed !== true) {
    throw new TwimlError(12100, `The document is not well-formed XML: ${wellFormed.err.msg}`);
  }
  const roots = (parser.parse(xml) as XmlNode[]).filter(isElement);
  const [root] = roots;
  if (roots.length !== 1 || !root || nameOf(root) !== "Response") {
    throw new TwimlError(12100, "A TwiML document has one root element, <Response>.");
  }
  return readVerbs(root, context);
}

function readVerbs(parent: XmlNode, context: TwimlContext): Verb[] {
  return childrenOf(parent)
    .filter(isElement)
    .map((node) => readVerb(node, context));
}

function readVerb(node: XmlNode, context: TwimlContext): Verb {
  const name = nameOf(node) as Verb["verb"];
  if (!ALLOWED[context].includes(name)) {
    throw new TwimlError(12200, `<${name}> is not allowed in a document of kind ${context}, or not known here.`);
  }
  const given = attributesOf(node);
  switch (name) {
    case "Say":
      return { verb: "Say", text: textOf(node).replace(/\s+/g, " ").trim(), loop: whole(given, "loop", 1) };
    case "Play":
      return { verb: "Play", url: textOf(node).trim(), loop: whole(given, "loop", 1) };
    case "Pause":
      return { verb: "Pause", seconds: whole(given, "length", 1) };
    case "Gather":
      return readGather(given, readVerbs(node, "gather.children") as Sound[]);
    case "Enqueue":
      return readEnqueue(given, textOf(node).trim());
    case "Dial":
      return readDial(node);
    case "Redirect":
      return { verb: "Redirect", url: textOf(node).trim(), method: oneOf(given, "method", ["POST", "GET"]) };
    case "Reject":
      return { verb: "Reject", reason: oneOf(given, "reason", ["rejected", "busy"]) };
    case "Leave":
    case "Hangup":
      return { verb: name };
    default:
      return unreachable(name);
  }
}

const isElement = (node: XmlNode) => nameOf(node) !== "#text";

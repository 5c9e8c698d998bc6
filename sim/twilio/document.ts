import { unreachable } from "#kit";
import type { Call, CallScope, Source } from "./call.ts";
import { resolveUrl } from "./address.ts";
import { readTwiml } from "./twiml.ts";
import type { TwimlContext, Verb } from "./twiml.ts";
import type { Method } from "./webhook.ts";
import type { Exchange } from "./wire.ts";
import type { Form } from "./signing.ts";
import type { World } from "./world.ts";
import { TwimlError } from "./xml.ts";

/** A document at work: its verbs and the address relative ones start from (null when it has none). */
export interface TwimlDocument {
  verbs: Verb[];
  url: string | null;
}

/** Where and under which rules a document runs. */
export interface Setting {
  context: Exclude<TwimlContext, "gather.children">;
  scope: CallScope;
  /** What a request for another document of this kind carries on top of the standard parameters. */
  form(): Form;
}

/** A document that cannot be had or read; `code` is Twilio's own. */
export class DocumentFailure extends Error {
  override readonly name = "DocumentFailure";
  readonly code: number;
  readonly url: string | null;

  constructor(code: number, url: string | null, message: string) {
    super(message);
    this.code = code;
    this.url = url;
  }
}

/** Gets and reads what `source` names. Throws `DocumentFailure`. */
export async function open(world: World, call: Call, source: Source, setting: Setting): Promise<TwimlDocument> {
  if (source.kind === "written") return read(source.twiml, null, setting);
  const form = { ...world.forms.standard(call), ...source.extra };
  const exchange = await setting.scope.run(() => world.webhooks.ask({ url: source.url, method: source.method, form }));
  return read(bodyOf(exchange, source.url), source.url, setting);
}

/** The source behind an address in a document. */
export function sourceAt(text: string, method: Method, from: TwimlDocument, extra: Form): Source {
  const url = resolveUrl(text, from.url);
  if (url === null) {
    throw new DocumentFailure(
      21205,
      from.url,
      `"${text}" is not an address; in a document without one of its own it must be absolute.`,
    );
  }
  return { kind: "address", url, method, extra };
}

function read(xml: string, url: string | null, setting: Setting): TwimlDocument {
  try {
    return { verbs: readTwiml(xml, setting.context), url };
  } catch (error) {
    if (error instanceof TwimlError) throw new DocumentFailure(error.code, url, error.message);
    throw error;
  }
}

function bodyOf(exchange: Exchange, url: string): string {
  switch (exchange.kind) {
    case "not-connected":
      throw new DocumentFailure(11205, url, "The application could not be reached.");
    case "too-late":
      throw new DocumentFailure(11205, url, "The application did not answer in time.");
    case "broken":
      throw new DocumentFailure(11205, url, "The connection broke before the answer.");
    case "answered":
      return xmlOf(exchange, url);
    default:
      return unreachable(exchange);
  }
}

function xmlOf(answer: Exclude<Exchange, { kind: "not-connected" | "too-late" | "broken" }>, url: string): string {
  if (answer.status < 200 || answer.status > 299) {
    throw new DocumentFailure(11200, url, `The application answered with HTTP status ${answer.status}.`);
  }
  if (!/^(text|application)\/xml\b/i.test(answer.contentType)) {
    throw new DocumentFailure(12300, url, `The answer's content type is "${answer.contentType}"; TwiML is text/xml.`);
  }
  return answer.body.toString("utf8");
}

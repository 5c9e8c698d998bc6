import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import { XMLParser, XMLValidator } from "fast-xml-parser";

/**
 * Checks against Twilio's own descriptions in `test/fixtures/specs/twilio`. Every check returns complaints;
 * an empty list is praise. Written apart from `sim/twilio`, so that both do not share a misunderstanding.
 */

type Form = Record<string, string | string[]>;

const load = (file: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/specs/twilio/${file}`, import.meta.url), "utf8"));

/* Webhooks */

interface WebhookRule {
  required: string[];
  optional: string[];
  constants?: Record<string, string>;
  enumOverrides?: Record<string, string[]>;
}
const webhooks: {
  enums: Record<string, string[]>;
  requests: Record<string, WebhookRule>;
  twimlContexts: Record<string, string[]>;
} = load("webhook-params.json");

/** Twilio adds these to the request for a fallback document, whatever its kind. */
const WITH_FALLBACK = ["ErrorCode", "ErrorUrl"];

/** Does this form look like Twilio's request of this kind, such as `enqueue.waitUrl`? */
export function validateWebhookForm(kind: string, form: Form): string[] {
  const rule = webhooks.requests[kind];
  if (!rule) return [`There is no request of kind ${kind}.`];
  const known = new Set([...rule.required, ...rule.optional, ...WITH_FALLBACK]);
  const enums = { ...webhooks.enums, ...rule.enumOverrides };
  const complaints = rule.required
    .filter((name) => form[name] === undefined)
    .map((name) => `${kind}: ${name} is missing.`);
  for (const [name, value] of Object.entries(form)) {
    if (!known.has(name)) complaints.push(`${kind}: ${name} is not a parameter of this request.`);
    if (Array.isArray(value)) complaints.push(`${kind}: ${name} stands more than once.`);
    if (enums[name] && !enums[name].includes(String(value))) complaints.push(`${kind}: ${name} cannot be "${value}".`);
    const fixed = rule.constants?.[name];
    if (fixed !== undefined && fixed !== value)
      complaints.push(`${kind}: ${name} is always "${fixed}", not "${value}".`);
  }
  return complaints;
}

/* TwiML */

interface ElementRule {
  attributes: Record<string, { type?: string; enum?: string[] }>;
  children: string[];
  text?: string[];
}
const grammar: { elements: Record<string, ElementRule> } = load("twiml-voice.grammar.json");

type XmlNode = Record<string, unknown>;
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
});

const nameOf = (node: XmlNode) => Object.keys(node).find((name) => name !== ":@") ?? "";
const childrenOf = (node: XmlNode) => (node[nameOf(node)] ?? []) as XmlNode[];

/** Is this a document Twilio accepts in this place: `call`, `enqueue.waitUrl` or `queue.url`? */
export function validateTwiml(xml: string, context: "call" | "enqueue.waitUrl" | "queue.url" = "call"): string[] {
  const wellFormed = XMLValidator.validate(xml);
  if (wellFormed !== true) return [`Not well-formed: ${wellFormed.err.msg}`];
  const roots = (parser.parse(xml) as XmlNode[]).filter((node) => nameOf(node) !== "#text");
  const [root] = roots;
  if (roots.length !== 1 || !root || nameOf(root) !== "Response") return ["The root element is <Response>."];
  const allowed = webhooks.twimlContexts[context] ?? grammar.elements["Response"]!.children;
  const misplaced = childrenOf(root).filter((node) => !allowed.includes(nameOf(node)));
  return [
    ...misplaced.map((node) => `<${nameOf(node)}> is not allowed in ${context}.`),
    ...childrenOf(root).flatMap(complainAboutElement),
  ];
}

function complainAboutElement(node: XmlNode): string[] {
  const name = nameOf(node);
  const rule = grammar.elements[name];
  if (!rule) return [`<${name}> is not a TwiML element.`];
  const complaints = Object.entries((node[":@"] ?? {}) as Record<string, string>).flatMap(([attribute, value]) =>
    complainAboutAttribute(name, rule, attribute, value),
  );
  for (const child of childrenOf(node)) {
    const childName = nameOf(child);
    if (childName === "#text") {
      if (!rule.text && String(child["#text"]).trim() !== "") complaints.push(`<${name}> holds no text.`);
    } else if (rule.children.includes(childName)) complaints.push(...complainAboutElement(child));
    else complaints.push(`<${childName}> is not allowed in <${name}>.`);
  }
  return complaints;
}

function complainAboutAttribute(element: string, rule: ElementRule, attribute: string, value: string): string[] {
  const about = rule.attributes[attribute] ?? rule.attributes[`"${attribute}"`];
  const where = `<${element} ${attribute}="${value}">`;
  if (!about) return [`${where}: there is no such attribute.`];
  if (about.type === "number" && !/^\d+$/.test(value)) return [`${where} is not a number.`];
  if (about.type === "boolean" && !/^(true|false)$/.test(value)) return [`${where} is neither true nor false.`];
  if (about.enum && !about.enum.includes(value)) return [`${where} is not one of the known values.`];
  return [];
}

/* REST */

interface Operation {
  parameters?: { name: string; in: string; schema: object }[];
  requestBody?: { content: Record<string, { schema: { properties?: Record<string, unknown> } }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
const api: { paths: Record<string, Record<string, Operation>>; components: object } = load(
  "twilio_api_v2010.trimmed.json",
);

const FORMS = "application/x-www-form-urlencoded";
const validators = new Map<object, ValidateFunction>();

/** In a form everything is text; numbers and lists are read from it. */
const rest = createAjv(/^https?:\/\/[^/]/, "array");
/** Twilio's own pages link to each other by path. */
const answers = createAjv(/^(https?:\/\/[^/]|\/)/, false);

/** Is this a request of the REST API, such as POST …/Calls.json? `path` may carry origin and query; a GET's form is its query. */
export function validateRestRequest(method: string, path: string, form: Form): string[] {
  const operation = findOperation(method, path);
  if (!operation) return [`There is no ${method} ${path}.`];
  if (method === "GET") return complainAboutQuery(operation, path, form);
  const schema = operation.requestBody?.content[FORMS]?.schema;
  if (!schema) return Object.keys(form).length === 0 ? [] : [`${method} ${path} takes no form.`];
  const unknown = Object.keys(form).filter((name) => !(name in (schema.properties ?? {})));
  return [
    ...unknown.map((name) => `${method} ${path} has no field ${name}.`),
    ...complainBySchema(rest, schema, structuredClone(form)),
  ];
}

/** Is this an answer of the REST API? Errors are checked for Twilio's error body. */
export function validateRestResponse(method: string, path: string, status: number, body: unknown): string[] {
  if (status >= 400) return complainBySchema(answers, PROBLEM, body);
  const operation = findOperation(method, path);
  if (!operation) return [`There is no ${method} ${path}.`];
  const schema = operation.responses[status]?.content?.["application/json"]?.schema;
  return schema ? complainBySchema(answers, schema, body) : [`${method} ${path} never answers ${status}.`];
}

const queries = new Map<Operation, { type: string; properties: Record<string, object> }>();

function complainAboutQuery(operation: Operation, path: string, query: Form): string[] {
  let schema = queries.get(operation);
  if (!schema) {
    const known = (operation.parameters ?? []).filter((one) => one.in === "query");
    schema = { type: "object", properties: Object.fromEntries(known.map(({ name, schema }) => [name, schema])) };
    queries.set(operation, schema);
  }
  const { properties } = schema;
  const unknown = Object.keys(query).filter((name) => !(name in properties));
  return [
    ...unknown.map((name) => `GET ${path} has no parameter ${name}.`),
    ...complainBySchema(rest, schema, structuredClone(query)),
  ];
}

const PROBLEM = {
  type: "object",
  required: ["code", "message", "more_info", "status"],
  properties: {
    code: { type: "integer" },
    message: { type: "string" },
    more_info: { type: "string" },
    status: { type: "integer" },
  },
};

function createAjv(uri: RegExp, coerceTypes: "array" | false): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes });
  ajv.addFormat("uri", uri);
  ajv.addFormat("http-method", /^(GET|POST)$/);
  ajv.addFormat("date-time-rfc-2822", /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/);
  ajv.addFormat("endpoint", /^(\+\d{7,15}|client:.+|sip:.+)$/);
  ajv.addFormat("phone-number", /./);
  for (const free of ["currency", "date", "date-time", "int64", "phone-number-capabilities", "twiml", "uri-map"]) {
    ajv.addFormat(free, true);
  }
  ajv.addSchema({ $id: "twilio", components: api.components });
  return ajv;
}

function complainBySchema(ajv: Ajv, schema: object, data: unknown): string[] {
  let check = validators.get(schema);
  if (!check) {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"twilio#/components');
    check = ajv.compile(JSON.parse(text));
    validators.set(schema, check);
  }
  return check(data) ? [] : (check.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message}`);
}

const segments = (text: string) => text.replace(/\.json$/, "").split("/");

function findOperation(method: string, path: string): Operation | undefined {
  const plain = path.replace(/^https?:\/\/[^/]+/, "").split("?")[0]!;
  const wanted = segments(plain);
  const template = Object.keys(api.paths).find((known) => {
    const parts = segments(known);
    return (
      parts.length === wanted.length && parts.every((part, index) => part.startsWith("{") || part === wanted[index])
    );
  });
  return template ? api.paths[template]?.[method.toLowerCase()] : undefined;
}

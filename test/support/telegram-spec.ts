import { readFileSync } from "node:fs";

/**
 * Checks against the description of the Bot API in `test/fixtures/specs/telegram`. Every check returns complaints; an
 * empty list is praise. Written apart from `sim/telegram`, so that both do not share a misunderstanding.
 */

interface Field {
  name: string;
  types: string[];
  required: boolean;
  description: string;
}
interface Described {
  fields?: Field[];
  subtypes?: string[];
}
interface Method extends Described {
  returns: string[];
}

const load = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/specs/telegram/${file}`, import.meta.url), "utf8"));

const { methods, types } = load("bot-api.trimmed.json") as {
  methods: Record<string, Method>;
  types: Record<string, Described>;
};

/** What is wrong with the parameters of a call. */
export function validateCall(method: string, params: unknown): string[] {
  const known = methods[method];
  return known ? fieldsOf(known, params ?? {}, method) : [`There is no method ${method}.`];
}

/** What is wrong with the answer to a successful call. */
export function validateResult(method: string, result: unknown): string[] {
  const known = methods[method];
  return known ? anyOf(known.returns, result, `result of ${method}`) : [`There is no method ${method}.`];
}

/** What is wrong with one update. */
export const validateUpdate = (update: unknown): string[] => anyOf(["Update"], update, "Update");

type Recorded = { update_id: number } & Record<string, unknown>;

/** Recorded updates by kind. */
export const recordedUpdates = load("updates.json") as Record<string, Recorded>;

/** Recorded refusals by kind. */
export const recordedErrors = load("error-responses.json") as Record<
  string,
  { ok: false; error_code: number; description: string; parameters?: { retry_after?: number } }
>;

/** The complaints of the type that fits best. */
function anyOf(names: string[], value: unknown, path: string): string[] {
  const all = names.map((name) => complaintsOf(name, value, path));
  return all.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

const PLAIN: Record<string, (value: unknown) => boolean> = {
  Integer: Number.isSafeInteger,
  Float: (value) => typeof value === "number",
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  True: (value) => value === true,
  InputFile: (value) => typeof value === "string",
};

function complaintsOf(name: string, value: unknown, path: string): string[] {
  if (name.startsWith("Array of ")) {
    if (!Array.isArray(value)) return [`${path} is not an array.`];
    const inner = name.slice("Array of ".length);
    return value.flatMap((item, index) => anyOf([inner], item, `${path}[${index}]`));
  }
  const isPlain = PLAIN[name];
  if (isPlain) return isPlain(value) ? [] : [`${path} is not of type ${name}.`];
  const known = types[name];
  if (!known) return [`${path}: the description has no type ${name}.`];
  return known.subtypes ? anyOf(known.subtypes, value, path) : fieldsOf(known, value, path);
}

/** Objects are closed: a misspelt field is a complaint. */
function fieldsOf({ fields = [] }: Described, value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} is not an object.`];
  const given = value as Record<string, unknown>;
  const names = new Set(fields.map(({ name }) => name));
  const strange = Object.keys(given).filter((name) => !names.has(name));
  return [
    ...strange.map((name) => `${path}.${name} does not exist.`),
    ...fields.flatMap((field) => fieldComplaints(field, given[field.name], `${path}.${field.name}`)),
  ];
}

const ALWAYS = /always “([^”]+)”/;
const LENGTH = /(\d+)-(\d+) (characters|bytes)/;

function fieldComplaints({ types: names, required, description }: Field, value: unknown, path: string): string[] {
  if (value === undefined) return required ? [`${path} is missing.`] : [];
  const constant = ALWAYS.exec(description)?.[1];
  if (constant !== undefined && value !== constant) return [`${path} is not ${constant}.`];
  return [...anyOf(names, value, path), ...lengthComplaints(description, value, path)];
}

function lengthComplaints(description: string, value: unknown, path: string): string[] {
  const [, least, most, unit] = LENGTH.exec(description) ?? [];
  if (typeof value !== "string" || unit === undefined) return [];
  const length = unit === "bytes" ? Buffer.byteLength(value) : value.length;
  return length < Number(least) || length > Number(most) ? [`${path} has ${length} ${unit}.`] : [];
}

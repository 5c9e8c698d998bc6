import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { refusal } from "./errors.ts";
import type { Refusal } from "./errors.ts";

interface Branch {
  properties: { type?: { const: string }; status?: { const: string } };
}

const file = new URL("../../test/fixtures/specs/whatsapp/wa-send.schema.json", import.meta.url);
const ajv = new Ajv2020({ strict: false });
const branches = new Map<unknown, Branch>();
const validators = new Map<unknown, ValidateFunction>();

/** Loads the published schema once, when the first body is checked. */
function validatorOf(type: unknown): ValidateFunction | null {
  if (branches.size === 0) {
    const schema = JSON.parse(readFileSync(file, "utf8")) as { oneOf: Branch[] };
    for (const branch of schema.oneOf) branches.set(branch.properties.type?.const ?? "read", branch);
  }
  const branch = branches.get(type);
  if (!branch) return null;
  const validate = validators.get(type) ?? ajv.compile(branch);
  validators.set(type, validate);
  return validate;
}

/** What Meta would say against a body of `POST /messages`; null when it agrees with the published schema. */
export function refuseByShape(body: unknown): Refusal | null {
  if (typeof body !== "object" || body === null) return refusal(100, "The body must be a JSON object.");
  const { type = "text", status } = body as { type?: unknown; status?: unknown };
  const validate = validatorOf(status === "read" ? "read" : type);
  if (!validate) return refusal(100, `Unexpected value for 'type': ${JSON.stringify(type)}.`);
  if (validate(body)) return refuseByContent(body);
  const error = validate.errors![0]!;
  return refusal(isAboutValue(error) ? 131009 : 100, `${error.instancePath || "/"} ${error.message}`);
}

const isAboutValue = ({ keyword }: ErrorObject) =>
  ["maxLength", "minLength", "maxItems", "minItems", "pattern", "const", "enum", "maximum", "minimum"].includes(
    keyword,
  );

/** A file by its id; links are not for us. */
export interface SentFile {
  id?: string;
  caption?: string;
  filename?: string;
  voice?: boolean;
}

/** The parts of a sent body that the stand-in looks at. */
export interface SentBody {
  status?: "read";
  message_id?: string;
  typing_indicator?: { type: "text" };
  to?: string;
  recipient?: string;
  type?: string;
  context?: { message_id: string };
  biz_opaque_callback_data?: string;
  text?: { body: string };
  image?: SentFile;
  video?: SentFile;
  audio?: SentFile;
  document?: SentFile;
  sticker?: SentFile;
  interactive?: {
    type: string;
    body: { text: string };
    action: {
      buttons?: { reply: { id: string; title: string } }[];
      sections?: { rows: { id: string; title: string; description?: string }[] }[];
    };
  };
  template?: {
    name: string;
    language: { code: string };
    components?: {
      type: string;
      index?: string | number;
      parameters: { text?: string; payload?: string }[];
    }[];
  };
}

/** Rules Meta keeps that a schema cannot say. */
function refuseByContent(body: SentBody): Refusal | null {
  const action = body.interactive?.action;
  const titles = action?.buttons?.map(({ reply }) => reply.title) ?? [];
  if (new Set(titles).size < titles.length) return refusal(131009, "Button titles must be unique.");
  const rows = action?.sections?.flatMap((section) => section.rows) ?? [];
  if (rows.length > 10) return refusal(131009, "A list has at most 10 rows in all its sections.");
  const ids = [...(action?.buttons?.map(({ reply }) => reply.id) ?? []), ...rows.map((row) => row.id)];
  if (new Set(ids).size < ids.length) return refusal(131009, "Button and row ids must be unique.");
  return null;
}

import { readFileSync, readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv/dist/2020.js";

const folder = new URL("../fixtures/specs/whatsapp/", import.meta.url);
const load = (path: string): unknown => JSON.parse(readFileSync(new URL(path, folder), "utf8"));

const ajv = new Ajv2020({ strict: false });
const compiled = new Map<string, ValidateFunction>();

function violations(schema: string, value: unknown): string[] {
  const validate = compiled.get(schema) ?? ajv.compile(load(schema) as object);
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message}`);
}

/** What is wrong with a body for `POST /{phone-number-id}/messages`; empty when it agrees with the specification. */
export const validateSend = (body: unknown): string[] => violations("wa-send.schema.json", body);

/** What is wrong with a webhook body; empty when it agrees with the specification. */
export const validateWebhook = (body: unknown): string[] => violations("wa-webhook.schema.json", body);

export interface RecordedWebhook {
  /** Such as `message.text`. */
  name: string;
  body: { object: string; entry: { id: string; changes: { field: string; value: Record<string, unknown> }[] }[] };
}

/** Every recorded or official webhook body, by case. */
export function recordedWebhooks(): RecordedWebhook[] {
  const updates = readdirSync(new URL("updates/", folder)).map((file) => [
    file.replace(".json", ""),
    `updates/${file}`,
  ]);
  return [...updates, ["official", "examples.webhooks.json"]].flatMap(([prefix, path]) =>
    Object.entries(load(path!) as Record<string, RecordedWebhook["body"]>).map(([name, body]) => ({
      name: `${prefix}.${name}`,
      body,
    })),
  );
}

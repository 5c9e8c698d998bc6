import { z } from "zod";
import type { JsonObject } from "#kit";
import type { Reply } from "./client.ts";
import { wordsOf } from "./errors.ts";
import { errorIn } from "./outcome.ts";

type Check = { ok: true; facts: JsonObject } | { ok: false; sentence: string };

const phoneNumber = z.object({
  id: z.string(),
  display_phone_number: z.string().optional(),
  verified_name: z.string().optional(),
  quality_rating: z.string().optional(),
});

/** Says what the Cloud API answered about our number, in a sentence that names the setting to look at. */
export function checkOf(reply: Reply, baseUrl: string): Check {
  if (reply.kind !== "answered") {
    return wrong(`WhatsApp did not answer at ${baseUrl} (${reply.words}). Check the network and WHATSAPP_BASE_URL.`);
  }
  const error = errorIn(reply.body);
  if (error) {
    return wrong(
      `WhatsApp answered error ${error.code}: ${wordsOf(error)} Check WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID.`,
    );
  }
  const number = phoneNumber.safeParse(reply.body);
  if (reply.status !== 200 || !number.success) {
    return wrong(
      `What answers at ${baseUrl} (HTTP ${reply.status}) is not the WhatsApp Cloud API. Check WHATSAPP_BASE_URL.`,
    );
  }
  return { ok: true, facts: number.data as JsonObject };
}

const wrong = (sentence: string): Check => ({ ok: false, sentence });

import { z } from "zod";
import type { Checked } from "#company";
import type { JsonObject } from "#kit";
import type { Reply } from "./client.ts";
import { wordsOf } from "./errors.ts";
import { errorIn } from "./outcome.ts";

const phoneNumber = z.object({
  id: z.string(),
  display_phone_number: z.string().optional(),
  verified_name: z.string().optional(),
  quality_rating: z.string().optional(),
});

/** Says what the Cloud API answered about our number, in a sentence that names what to look at. */
export function checkOf(reply: Reply, baseUrl: string): Checked {
  if (reply.kind !== "answered") {
    return wrong(`WhatsApp did not answer at ${baseUrl} (${reply.words}). Check the network and WHATSAPP_BASE_URL.`);
  }
  const error = errorIn(reply.body);
  if (error) {
    return wrong(
      `WhatsApp answered error ${error.code}: ${wordsOf(error)} Check the access token and the phone number id (WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID).`,
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

const wrong = (sentence: string): Checked => ({ ok: false, sentence });

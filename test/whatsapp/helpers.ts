import { readWebhook } from "../../src/chat/channels/whatsapp-cloud/read.ts";
import type { ChannelEvent } from "../../src/chat/channel.ts";
import { recordedWebhooks } from "../support/whatsapp-spec.ts";
import type { RecordedWebhook } from "../support/whatsapp-spec.ts";

export const recorded = recordedWebhooks();

/** Reads a body as the number it was recorded for would. */
export function readAsAddressee(body: RecordedWebhook["body"]): ChannelEvent[] {
  const metadata = body.entry[0]?.changes[0]?.value["metadata"] as { phone_number_id: string } | undefined;
  const phoneNumberId = metadata?.phone_number_id ?? "our-number";
  const events = readWebhook(Buffer.from(JSON.stringify(body)), [
    { phoneNumberId, businessAccountId: body.entry[0]!.id },
  ]);
  if (!events) throw new Error("The body was not recognised as Meta's.");
  return events;
}

/** The events of a recorded body. */
export function eventsOf(name: string): ChannelEvent[] {
  const found = recorded.find((entry) => entry.name === name);
  if (!found) throw new Error(`There is no recorded body ${name}.`);
  return readAsAddressee(found.body);
}

/** A body with one value of the field `messages`, for the number 106540352242922. */
export const webhookWith = (value: Record<string, unknown>) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
            ...value,
          },
        },
      ],
    },
  ],
});

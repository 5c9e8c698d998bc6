import type { Instant } from "#kit";
import { titleOf } from "./errors.ts";
import type { Accepted, Account, Person } from "./world.ts";

export type WebhookBody = { object: string; entry: unknown[] };

const secondsOf = (at: Instant) => String(Math.floor(at / 1000));

/** A webhook body with one change. */
export const envelope = (account: Account, field: string, value: object, time?: Instant): WebhookBody => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: account.businessAccountId,
      ...(time === undefined ? {} : { time: Math.floor(time / 1000) }),
      changes: [{ value, field }],
    },
  ],
});

const valueOf = (account: Account, rest: object) => ({
  messaging_product: "whatsapp",
  metadata: { display_phone_number: account.displayNumber, phone_number_id: account.phoneNumberId },
  ...rest,
});

const cardOf = (person: Person) => ({
  profile: { name: person.name },
  ...(person.hidesPhone ? {} : { wa_id: person.waId }),
  user_id: person.userId,
});

/** A message from a customer; `content` holds the type and what belongs to it. */
export function messageBody(account: Account, person: Person, id: string, at: Instant, content: object): WebhookBody {
  const message = {
    ...(person.hidesPhone ? {} : { from: person.waId }),
    from_user_id: person.userId,
    id,
    timestamp: secondsOf(at),
    ...content,
  };
  return envelope(account, "messages", valueOf(account, { contacts: [cardOf(person)], messages: [message] }));
}

/** What became of a message of ours; `code` explains a failure. */
export function statusBody(
  account: Account,
  person: Person,
  sent: Accepted,
  status: Accepted["statuses"][number],
  at: Instant,
  code: number,
): WebhookBody {
  const failed = status === "failed";
  const statuses = [
    {
      id: sent.id,
      status,
      timestamp: secondsOf(at),
      ...(person.hidesPhone ? {} : { recipient_id: person.waId }),
      recipient_user_id: person.userId,
      ...(sent.messageId === null ? {} : { biz_opaque_callback_data: sent.messageId }),
      ...(failed ? { errors: [errorOf(code)] } : billing(sent, status)),
    },
  ];
  return envelope(
    account,
    "messages",
    valueOf(account, failed ? { statuses } : { contacts: [cardOf(person)], statuses }),
  );
}

/** Meta tells the price with `sent` and with the first of delivered and read. */
function billing(sent: Accepted, status: string) {
  if (status === "read" && sent.statuses.includes("delivered")) return {};
  const isTemplate = sent.body.type === "template";
  const category = isTemplate ? "utility" : "service";
  return {
    conversation: { id: `conversation-${sent.waId}`, origin: { type: category } },
    pricing: {
      billable: isTemplate,
      pricing_model: "PMP",
      type: isTemplate ? "regular" : "free_customer_service",
      category,
    },
  };
}

const errorOf = (code: number) => ({
  code,
  title: titleOf(code),
  message: titleOf(code),
  error_data: { details: `${titleOf(code)}.` },
  href: "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
});

/** JSON as Meta writes it: everything beyond ASCII as `\uXXXX`, which is what the signature covers. */
export const metaJson = (body: unknown): string =>
  JSON.stringify(body).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

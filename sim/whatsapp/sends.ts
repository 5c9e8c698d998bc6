import { between, hours, later, seconds } from "#kit";
import { createPaces } from "../kit/pace.ts";
import { isRefusal, refusal } from "./errors.ts";
import type { Refusal } from "./errors.ts";
import { isMissing } from "./faults.ts";
import { refuseFile } from "./media.ts";
import type { Media } from "./media.ts";
import { schedule } from "./progress.ts";
import { refuseByShape } from "./send-schema.ts";
import type { SentBody, SentFile } from "./send-schema.ts";
import { choicesOfTemplate, findTemplate, textOfTemplate } from "./templates.ts";
import { personOf } from "./world.ts";
import type { Accepted, Person, World } from "./world.ts";

interface Answer {
  status: number;
  body: object;
}

const WINDOW = hours(24);
const TYPING = seconds(25);

/** Carries out `POST /{phone-number-id}/messages`, or says why not. */
export function handleSend(world: World, body: unknown, limiter: Limiter): Answer {
  const misshapen = refuseByShape(body);
  if (misshapen) {
    world.violations.push({ body, details: misshapen.body.error.error_data.details });
    return misshapen;
  }
  const sent = body as SentBody;
  if (sent.status === "read") return markRead(world, sent);
  const person = recipientOf(world, sent);
  if (!person) return refusal(131026, "Receiver is not a known WhatsApp user.");
  return limiter.refuse(person.waId) ?? refuseToPerson(world, person, sent) ?? accept(world, person, sent);
}

/** `to` with the plus names a phone; without it Meta puts the business number's country code in front. */
function recipientOf(world: World, { to, recipient }: SentBody): Person | null {
  if (to === undefined) return [...world.people.values()].find(({ userId }) => userId === recipient) ?? null;
  const digits = to.replace(/\D/g, "");
  const full = to.startsWith("+") ? digits : world.account.displayNumber[0] + digits;
  return full === "" ? null : personOf(world, world.aliases.get(full) ?? full);
}

function refuseToPerson(world: World, person: Person, { type }: SentBody): Refusal | null {
  const { faults, clock } = world;
  if (isMissing(faults, person.waId) && faults.notOnWhatsAppBy === "answer") {
    return refusal(131026, "Message undeliverable: the recipient phone number is not a WhatsApp phone number.");
  }
  const isOpen = person.lastWroteAt !== null && between(person.lastWroteAt, clock.now()) < WINDOW;
  if (isOpen || type === "template") return null;
  return refusal(131047, "More than 24 hours have passed since the recipient last replied to the sender number.");
}

function accept(world: World, person: Person, body: SentBody): Answer {
  const shown = shownOf(world, body);
  if (isRefusal(shown)) return shown;
  const accepted: Accepted = {
    id: world.newWamid(),
    at: world.clock.now(),
    waId: person.waId,
    messageId: body.biz_opaque_callback_data ?? null,
    body,
    shown,
    statuses: [],
  };
  world.accepted.push(accepted);
  person.typingUntil = null;
  schedule(world, person, accepted);
  return { status: 200, body: acceptance(person, accepted) };
}

const acceptance = (person: Person, { id, body: { to, recipient } }: Accepted) => ({
  messaging_product: "whatsapp",
  contacts: [to === undefined ? { input: recipient, user_id: person.userId } : { input: to, wa_id: person.waId }],
  messages: [{ id, message_status: "accepted" }],
});

function shownOf({ templates, media }: World, body: SentBody): Accepted["shown"] | Refusal {
  const named = body.image ?? body.video ?? body.audio ?? body.document ?? body.sticker;
  if (named) return fileOf(media, body.type ?? "", named);
  if (body.template) {
    const template = findTemplate(templates, body.template);
    if (isRefusal(template)) return template;
    return {
      text: textOfTemplate(template, body.template),
      choices: choicesOfTemplate(template, body.template),
      file: null,
    };
  }
  if (!body.interactive) return { text: body.text?.body ?? "", choices: [], file: null };
  const { action } = body.interactive;
  const buttons = (action.buttons ?? []).map(({ reply }) => ({ id: reply.id, title: reply.title }));
  const rows = (action.sections ?? []).flatMap((section) => section.rows).map(({ id, title }) => ({ id, title }));
  return { text: body.interactive.body.text, choices: [...buttons, ...rows], file: null };
}

/** A file must have been uploaded, and be of the kind it is sent as. */
function fileOf(
  media: Media,
  kind: string,
  { id = "", caption = "", filename }: SentFile,
): Accepted["shown"] | Refusal {
  const file = media.find(id);
  if (!file) return refusal(100, `Media ID ${id} does not exist.`);
  const shown = { id, mimeType: file.mimeType, name: filename ?? null, size: file.bytes.length };
  return refuseFile(kind, file) ?? { text: caption, choices: [], file: shown };
}

/** Earlier messages of the same chat become read with the named one. */
function markRead(world: World, { message_id: id, typing_indicator: typing }: SentBody): Answer {
  const person = world.writers.get(id ?? "");
  if (!person) return refusal(131009, "Message ID is not valid.");
  const last = person.messages.findIndex((message) => message.id === id);
  for (const message of person.messages.slice(0, last + 1)) {
    if (message.from === "customer") message.status = "read";
  }
  if (typing) {
    person.typingUntil = later(world.clock.now(), TYPING);
    world.clock.after(TYPING, () => world.changed(person));
  }
  world.changed(person);
  return { status: 200, body: { success: true } };
}

/** Meta's throughput limits, when the world has them on. */
export interface Limiter {
  refuse(waId: string): Refusal | null;
}

export function createLimiter(world: Pick<World, "clock" | "limits">): Limiter {
  let recent: number[] = [];
  const pairs = createPaces(world.clock);

  const tooManyInAll = (most: number) => {
    const now = world.clock.now();
    recent = recent.filter((at) => at > now - seconds(1));
    recent.push(now);
    return recent.length > most;
  };
  return {
    refuse(waId) {
      const { perSecond, pair } = world.limits;
      if (perSecond !== null && tooManyInAll(perSecond))
        return refusal(130429, "Cloud API message throughput reached.");
      if (pair !== null && pairs.wait(waId, pair) !== null) {
        return refusal(
          131056,
          "Too many messages sent from this phone number to the same phone number in a short time.",
        );
      }
      return null;
    },
  };
}

import type { Clock, ContactId, ConversationId, Locale, MessageId, PhoneNumber } from "#kit";
import type { Tx, Wakes } from "#db";
import { hasAlarm } from "./alarm-store.ts";
import type { Address, Channel, OutboundContent } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import { invitePayload } from "./core/payload.ts";
import type { Person } from "./directory.ts";
import type { Chat, Invite } from "./door.ts";
import type { Ids } from "./ids.ts";
import { addressOn, findPeople, takeName } from "./people-store.ts";
import { save } from "./save.ts";
import type { ChatSettings } from "./settings.ts";
import { isUsable } from "./template-store.ts";
import { fillTemplate, textsIn } from "./texts/texts.ts";
import { readThread, takeLatest, touchIfFree } from "./thread-store.ts";
import { noChanges, type Changes, type Thread } from "./thread.ts";

interface Deps {
  clock: Clock;
  wakes: Wakes;
  ids: Ids;
  conduct: Conduct;
  channels: Map<string, Channel>;
  settings: ChatSettings;
}

/** What the router asks of the chat: the invite, and words about the call. */
export function createInvites({
  clock,
  wakes,
  ids,
  conduct,
  channels,
  settings,
}: Deps): Pick<Chat, "invite" | "notify"> {
  async function invite(
    tx: Tx,
    wish: Invite,
  ): Promise<{ conversationId: ConversationId; messageId: MessageId } | "unavailable"> {
    const channel = channels.get(wish.channel);
    const now = clock.now();
    if (!channel || (await hasAlarm(tx, channel.name, now))) return "unavailable";
    const to = await addressee(tx, channel, wish.phone);
    if (!to || !(await mayWriteFirst(tx, channel, to, wish.locale))) return "unavailable";

    const changes = noChanges(now);
    const thread = await threadFor(tx, wish, await personOf(tx, wish, to, changes), to, changes);
    const { callId, token, place, waitedSeconds } = wish;
    const meta = { callId, token, place, waitedSeconds };
    const message = conduct.say(
      thread,
      { author: "system", purpose: "invite", content: contentOf(channel, wish), meta },
      changes,
    );
    await save(tx, changes, conduct.rules(channel.name));
    wakeAfter(tx);
    return { conversationId: thread.id, messageId: message.id };
  }

  /** A messenger that cannot write first knows only who has written to it. */
  async function addressee(tx: Tx, channel: Channel, phone: PhoneNumber): Promise<Address | null> {
    const to = channel.addressFor(phone);
    if (channel.abilities.writesFirst !== "never") return to;
    const known = await addressOn(tx, channel.name, phone);
    return known === null ? null : { ...to, id: known };
  }

  async function mayWriteFirst(tx: Tx, channel: Channel, { account }: Address, locale: Locale): Promise<boolean> {
    if (channel.abilities.writesFirst !== "with-template") return true;
    return isUsable(tx, { channel: channel.name, account, name: settings.WHATSAPP_INVITE_TEMPLATE, locale });
  }

  /** Who calls. Somebody unknown may be writing to us for the first time at this very moment, so names are taken one by one. */
  async function personOf(
    tx: Tx,
    { phone, locale }: Invite,
    { channel, id }: Address,
    changes: Changes,
  ): Promise<Person> {
    const [known] = await findPeople(tx, [
      { channel, address: id },
      { channel: "phone", address: phone },
    ]);
    const wanted = known?.contactId ?? ids<ContactId>();
    const contactId = await takeName(tx, { channel, address: id, contactId: wanted }, changes.at);
    await takeName(tx, { channel: "phone", address: phone, contactId }, changes.at);
    const isNew = !known && contactId === wanted;
    if (isNew) changes.contacts.set(contactId, { id: contactId, name: null, locale });
    return { contactId, name: known?.name ?? null, locale, isNew };
  }

  /** The open conversation goes on; a closed one lends the new one its session window. */
  async function threadFor(tx: Tx, wish: Invite, person: Person, to: Address, changes: Changes): Promise<Thread> {
    const { contactId } = person;
    const [latest] = person.isNew ? [] : await takeLatest(tx, [{ contactId, channel: to.channel }]);
    if (latest && latest.state.owner !== "closed") {
      latest.callId = wish.callId;
      latest.queue = wish.queue;
      return latest;
    }
    const { callId, queue, phone, locale } = wish;
    const thread = conduct.open(
      { contactId, channel: to.channel, account: to.account, address: to.id, locale, queue, callId, phone },
      changes.at,
    );
    if (latest) thread.state = { ...thread.state, heardAt: latest.state.heardAt };
    return thread;
  }

  function contentOf({ abilities }: Channel, { locale, place, token }: Invite): OutboundContent {
    const { body, buttons, withLinks } = textsIn(locale).invite;
    const variables = [settings.CHAT_SHOP_NAME, String(place)];
    const payloads = buttons.map(({ choice }) => invitePayload(choice, token));
    if (abilities.buttons.most === 0)
      return { kind: "text", text: withLinks(settings.CHAT_SHOP_NAME, place, linksFor(token)) };
    if (abilities.writesFirst !== "with-template") {
      const choices = buttons.map(({ title }, i) => ({ id: payloads[i]!, title }));
      return { kind: "buttons", text: fillTemplate(body, variables), choices };
    }
    return {
      kind: "template",
      text: fillTemplate(body, variables),
      name: settings.WHATSAPP_INVITE_TEMPLATE,
      locale,
      variables,
      payloads,
    };
  }

  const linksFor = (token: string): string[] =>
    [...channels.values()].map((channel) => channel.link?.(token) ?? null).filter((link) => link !== null);

  /** Waits for nobody who works on the conversation: the call, and the caller on the line, wait for this. */
  const notify: Chat["notify"] = async (tx, conversationId, notice, callId) => {
    const changes = noChanges(clock.now());
    const thread = await readThread(tx, conversationId);
    if (!thread) return;
    const texts = textsIn(thread.locale);
    const text = texts.notices[notice];
    const content = { kind: "text" as const, text };
    if (conduct.mayWrite(thread, changes.at))
      conduct.say(thread, { author: "system", purpose: "notice", content, meta: { notice } }, changes);
    else conduct.note(thread, { text: texts.notSent(text), author: "system" }, changes);
    changes.threads.clear();
    await save(tx, changes, conduct.rules(thread.channel));
    await touchIfFree(tx, { id: thread.id, callId, preview: thread.preview, at: changes.at });
    wakeAfter(tx);
  };

  const wakeAfter = (tx: Tx) =>
    tx.afterCommit(() => {
      wakes.wake("outbox");
      wakes.wake("events");
    });

  return { invite, notify };
}

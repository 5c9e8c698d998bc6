import type { Clock, ContactId, ConversationId, Instant, MessageId } from "#kit";
import { nameOf, type Brands } from "#company";
import type { Tx, Wakes } from "#db";
import type { Address, Channel, OutboundContent } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import { invitePayload } from "./core/payload.ts";
import type { Person } from "./directory.ts";
import type { Chat, Invite } from "./door.ts";
import type { Ids } from "./ids.ts";
import { findPeople, takeName } from "./people-store.ts";
import { save } from "./save.ts";
import { findInviter, findOpenChat } from "./senders.ts";
import { fillTemplate, textsIn } from "./texts/texts.ts";
import { readThread, takeLatest, touchIfFree } from "./thread-store.ts";
import { noChanges, type Changes, type Thread } from "./thread.ts";

interface Deps {
  clock: Clock;
  wakes: Wakes;
  ids: Ids;
  conduct: Conduct;
  channels: Map<string, Channel>;
  brands: Pick<Brands, "ofQueue">;
}

/** What the router asks of the chat: the invite, and words about the call. */
export function createInvites({ clock, wakes, ids, conduct, channels, brands }: Deps): Pick<Chat, "invite" | "notify"> {
  async function invite(
    tx: Tx,
    wish: Invite,
  ): Promise<{ conversationId: ConversationId; messageId: MessageId } | "unavailable"> {
    const channel = channels.get(wish.channel);
    const now = clock.now();
    const way = channel && (await wayTo(tx, channel, wish, now));
    if (!channel || !way) return "unavailable";
    const { to, content } = way;

    const changes = noChanges(now);
    const thread = await threadFor(tx, wish, await personOf(tx, wish, to, changes), to, changes);
    const { callId, token, place, waitedSeconds } = wish;
    const meta = { callId, token, place, waitedSeconds };
    const message = conduct.say(thread, { author: "system", purpose: "invite", content, meta }, changes);
    await save(tx, changes, conduct.rules(channel.name));
    wakeAfter(tx);
    return { conversationId: thread.id, messageId: message.id };
  }

  /** With a template where a business may write first, else into the chat the caller has with us already. */
  async function wayTo(
    tx: Tx,
    channel: Channel,
    wish: Invite,
    now: Instant,
  ): Promise<{ to: Address; content: OutboundContent } | null> {
    const brand = brands.ofQueue(wish.queue).code;
    if (channel.abilities.templates) {
      const inviter = await findInviter(tx, channel, { brand, locale: wish.locale }, now);
      const to = inviter && channel.addressFor(inviter.account, wish.phone);
      return to && { to, content: templateOf(wish, inviter.template) };
    }
    const chat = await findOpenChat(tx, channel, { brand, phone: wish.phone }, now);
    const to = chat && { channel: channel.name, account: chat.account, id: chat.address };
    return to && { to, content: messageOf(wish, channel) };
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
    const [latest] = person.isNew
      ? []
      : await takeLatest(tx, [{ contactId, channel: to.channel, account: to.account }]);
    if (latest && latest.state.owner !== "closed") {
      latest.callId = wish.callId;
      latest.queue = wish.queue;
      latest.locale = wish.locale;
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

  const variablesOf = ({ queue, locale, place }: Invite) => [nameOf(brands.ofQueue(queue), locale), String(place)];

  function templateOf(wish: Invite, name: string): OutboundContent {
    const { locale, token } = wish;
    const { body, buttons } = textsIn(locale).invite;
    const variables = variablesOf(wish);
    const payloads = buttons.map(({ choice }) => invitePayload(choice, token));
    return { kind: "template", text: fillTemplate(body, variables), name, locale, variables, payloads };
  }

  /** The same words as the template's. Where no receipts come they ask for the act that stands for one. */
  function messageOf(wish: Invite, channel: Channel): OutboundContent {
    const { invite, inviteProof } = textsIn(wish.locale);
    const body = fillTemplate(invite.body, variablesOf(wish));
    const choices = invite.buttons.map(({ title, choice }) => ({ id: invitePayload(choice, wish.token), title }));
    return { kind: "buttons", text: channel.hasSeen ? `${body}\n\n${inviteProof}` : body, choices };
  }

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

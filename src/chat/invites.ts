import type { CallId, Clock, ContactId, ConversationId, JsonObject, MessageId } from "#kit";
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
import { accountsFor, findInviter, type Inviter } from "./senders.ts";
import { fillTemplate, textsIn } from "./texts/texts.ts";
import { readThread, takeLatest, touchIfFree } from "./thread-store.ts";
import { goesOn, noChanges, type Changes, type Thread } from "./thread.ts";

interface Deps {
  clock: Clock;
  wakes: Wakes;
  ids: Ids;
  conduct: Conduct;
  channels: Map<string, Channel>;
  brands: Pick<Brands, "ofQueue">;
}

/** What the router asks of the chat: the invite, and words about the call. */
export function createInvites({
  clock,
  wakes,
  ids,
  conduct,
  channels,
  brands,
}: Deps): Pick<Chat, "invite" | "notify" | "tellDelay"> {
  async function invite(
    tx: Tx,
    wish: Invite,
  ): Promise<{ conversationId: ConversationId; messageId: MessageId } | "unavailable"> {
    const channel = channels.get(wish.channel);
    const now = clock.now();
    if (!channel) return "unavailable";
    const wanted = { brand: brands.ofQueue(wish.queue).code, locale: wish.locale, phone: wish.phone };
    const inviter = await findInviter(tx, channel, wanted, now);
    if (!inviter?.to) return "unavailable";
    const { to } = inviter;

    const changes = noChanges(now);
    const thread = await threadFor(tx, wish, await personOf(tx, wish, to, changes), to, changes);
    const { callId, token, place, waitedSeconds } = wish;
    const meta = { callId, token, place, waitedSeconds };
    const message = conduct.say(
      thread,
      { author: "system", purpose: "invite", content: contentOf(channel, wish, inviter), meta },
      changes,
    );
    await save(tx, changes, conduct.rules(channel.name));
    wakeAfter(tx);
    return { conversationId: thread.id, messageId: message.id };
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
    const wanted = known?.home ?? ids<ContactId>();
    const home = await takeName(tx, { channel, address: id, contactId: wanted }, changes.at);
    await takeName(tx, { channel: "phone", address: phone, contactId: home }, changes.at);
    const isNew = !known && home === wanted;
    if (isNew) changes.contacts.set(home, { id: home, name: null, locale });
    return { contactId: known?.contactId ?? home, home, name: known?.name ?? null, locale, isNew };
  }

  /** The open conversation goes on; a closed one lends the new one its session window. */
  async function threadFor(tx: Tx, wish: Invite, person: Person, to: Address, changes: Changes): Promise<Thread> {
    const { contactId } = person;
    const place = { contactId, channel: to.channel, account: to.account };
    const latest = person.isNew ? null : goesOn(await takeLatest(tx, [place]), { address: to.id });
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

  /** Where no receipts come the words ask for the act that stands for one. */
  function contentOf(
    { abilities, hasSeen }: Channel,
    { queue, locale, place, token }: Invite,
    { template }: Inviter,
  ): OutboundContent {
    const { invite: texts, inviteProof } = textsIn(locale);
    const { body, buttons, withLinks } = texts;
    const company = nameOf(brands.ofQueue(queue), locale);
    const variables = [company, String(place)];
    const payloads = buttons.map(({ choice }) => invitePayload(choice, token));
    const text = fillTemplate(body, variables);
    if (template !== null) return { kind: "template", text, name: template, locale, variables, payloads };
    if (abilities.invitesByLink) return { kind: "text", text: withLinks(company, place, linksFor(queue, token)) };
    if (abilities.buttons.most === 0) return { kind: "text", text };
    const choices = buttons.map(({ title }, i) => ({ id: payloads[i]!, title }));
    return { kind: "buttons", text: hasSeen ? `${text}\n\n${inviteProof}` : text, choices };
  }

  /** Into every messenger that a link can open, each from an account of the brand. */
  const linksFor = (queue: string, token: string): string[] =>
    [...channels.values()].flatMap((channel) => {
      const [account] = accountsFor(channel, brands.ofQueue(queue).code);
      const link = account === undefined ? null : (channel.link?.(account, token) ?? null);
      return link ?? [];
    });

  const notify: Chat["notify"] = async (tx, conversationId, notice, callId) => {
    const changes = noChanges(clock.now());
    const thread = await readThread(tx, conversationId);
    if (!thread) return;
    const texts = textsIn(thread.locale);
    const text = texts.notices[notice];
    if (conduct.mayWrite(thread, changes.at)) tell(thread, text, { notice }, changes);
    else conduct.note(thread, { text: texts.notSent(text), author: "system" }, changes);
    await saveAside(tx, thread, changes, callId);
  };

  const tellDelay: Chat["tellDelay"] = async (tx, conversationId, when) => {
    const changes = noChanges(clock.now());
    const thread = await readThread(tx, conversationId);
    if (!thread || !conduct.mayWrite(thread, changes.at)) return false;
    tell(thread, textsIn(thread.locale).callLater(when), { notice: "callback-delayed" }, changes);
    await saveAside(tx, thread, changes, thread.callId);
    return true;
  };

  function tell(thread: Thread, text: string, meta: JsonObject, changes: Changes) {
    conduct.say(thread, { author: "system", purpose: "notice", content: { kind: "text", text }, meta }, changes);
  }

  /** Waits for nobody who works on the conversation: the call, and the caller on the line, wait for this. */
  async function saveAside(tx: Tx, thread: Thread, changes: Changes, callId: CallId | null) {
    changes.threads.clear();
    await save(tx, changes, conduct.rules(thread.channel));
    await touchIfFree(tx, { id: thread.id, callId, preview: thread.preview, at: changes.at });
    wakeAfter(tx);
  }

  const wakeAfter = (tx: Tx) =>
    tx.afterCommit(() => {
      wakes.wake("outbox");
      wakes.wake("events");
    });

  return { invite, notify, tellDelay };
}

import type { CallId, ContactId, Instant, Locale, MessageId } from "#kit";
import type { Tx } from "#db";
import type { Conduct } from "./conduct.ts";
import { about } from "./effects.ts";
import { localeOfText, readInbound, type Heard } from "./core/inbound.ts";
import { openDirectory, type Directory, type Name, type Person } from "./directory.ts";
import type { Ids } from "./ids.ts";
import type { Arrived, Engaged } from "./inbound.ts";
import { claimName, findReferred, type Referred } from "./people-store.ts";
import { readPayload } from "./core/payload.ts";
import { save } from "./save.ts";
import type { ChatSettings } from "./settings.ts";
import { textsIn } from "./texts/texts.ts";
import { takeLatest } from "./thread-store.ts";
import { noChanges, type Changes, type Thread } from "./thread.ts";

type Message = Arrived<"message">;

/** Hears what customers write: whose it is, which conversation it belongs to, what that changes. */
export interface Listener {
  listen(tx: Tx, messages: Message[], now: Instant): Promise<{ changes: Changes; engaged: Engaged[] }>;
}

/** One message with everything that was found out about it before any decision. */
interface Mail {
  message: Message;
  person: Person;
  /** Our message it answers, when that is certain: by the provider's id or by the token in a tapped button. */
  referred: Referred | null;
}

/** Everything is read for the whole batch at once, decided in memory, saved at once. */
export function createListener({
  conduct,
  ids,
  settings,
}: {
  conduct: Conduct;
  ids: Ids;
  settings: ChatSettings;
}): Listener {
  return {
    async listen(tx, messages, now) {
      const changes = noChanges(now);
      if (messages.length === 0) return { changes, engaged: [] };
      const referred = await findAllReferred(tx, messages);
      const directory = await openDirectory(tx, messages.flatMap(namesOf), ids, changes);
      const mail: Mail[] = [];
      for (const message of messages) mail.push(await addressee(tx, message, referred, directory));
      const threads = await takeThreads(tx, mail);
      const engaged = new Map<CallId, Engaged>();
      for (const one of mail) deliver(one, threads, changes, engaged);
      endBursts(changes);
      await save(tx, changes, conduct.rules(messages[0]!.row.channel));
      return { changes, engaged: [...engaged.values()] };
    },
  };

  /** Who wrote. A certain answer to our message is a stronger proof than the name it came under. */
  async function addressee(tx: Tx, message: Message, all: Referred[], directory: Directory): Promise<Mail> {
    const referred = referredBy(message, all);
    const { event, row, at } = message;
    const sender: Name = { channel: row.channel, address: event.from };
    const known = directory.find(sender);
    if (referred && known?.contactId !== referred.contactId) {
      const person = { contactId: referred.contactId, name: event.name, locale: referred.locale, isNew: false };
      await claimName(tx, { ...sender, contactId: referred.contactId }, at);
      directory.assign(sender, person);
    }
    const person = directory.meet(namesOf(message), { name: event.name, locale: localeOf(message) });
    return { message, referred, person };
  }

  function localeOf({ event: { content } }: Message): Locale {
    const text = content.kind === "text" || content.kind === "choice" ? content.text : "";
    return localeOfText(text) ?? settings.CHAT_DEFAULT_LOCALE;
  }

  function deliver(
    { message, person, referred }: Mail,
    threads: Threads,
    changes: Changes,
    engaged: Map<CallId, Engaged>,
  ): void {
    const { event, row, at } = message;
    if (event.content.kind === "reaction") return;
    const known = threads.of(person, row, referred);
    const thread = known ?? openThread(message, person, referred, changes.at);
    const heard = readInbound(event.content, textsIn(thread.locale));
    const wrote = { kind: "customer-wrote", at: row.receivedAt, wroteAt: at, said: heard.said } as const;
    const id = ids<MessageId>();
    const ended = conduct.tell(thread, wrote, changes);
    const home = ended ? openThread(message, person, referred, changes.at, thread, ended) : thread;
    if (ended) conduct.tell(home, wrote, changes);
    threads.remember(home);
    enter(home, message, heard, id, changes);
    if (home.callId !== null && home.state.engagedWith !== home.callId) {
      home.state = { ...home.state, engagedWith: home.callId };
      engaged.set(home.callId, { callId: home.callId, conversationId: home.id, at });
    }
  }

  function openThread(
    { row, event }: Message,
    person: Person,
    referred: Referred | null,
    at: Instant,
    before?: Thread,
    ended?: NonNullable<ReturnType<Conduct["tell"]>>,
  ): Thread {
    const question = before && ended?.openNext ? { ...ended.openNext, conversationId: before.id } : null;
    const start = {
      contactId: person.contactId,
      channel: row.channel,
      account: row.account,
      address: event.from,
      locale: person.locale,
      queue: before?.queue ?? settings.CHAT_QUEUE,
      callId: referred?.callId ?? null,
      phone: before?.phone ?? event.phone,
    };
    return conduct.open(start, at, question);
  }

  function enter(thread: Thread, { event, at }: Message, heard: Heard, id: MessageId, changes: Changes): void {
    thread.address = event.from;
    conduct.hear(
      thread,
      { id, providerId: event.providerId, at, text: heard.text, content: event.content, replyTo: event.repliesTo },
      changes,
    );
    changes.events.push({
      ...about(thread),
      at: changes.at,
      kind: "chat.message-in",
      data: { content: event.content.kind },
    });
  }

  /** With a quiet window of nothing the bot is asked right after this commit, not by a later poll. */
  function endBursts(changes: Changes): void {
    for (const thread of changes.threads.values())
      conduct.tell(thread, { kind: "burst-ended", at: changes.at }, changes);
  }
}

const namesOf = ({ row, event }: Message): Name[] => [
  ...[event.from, ...event.alsoKnownAs].map((address) => ({ channel: row.channel, address })),
  ...(event.phone === null ? [] : [{ channel: "phone", address: event.phone }]),
];

async function findAllReferred(tx: Tx, messages: Message[]): Promise<Referred[]> {
  const found: Referred[] = [];
  for (const channel of new Set(messages.map(({ row }) => row.channel))) {
    const mine = messages.filter(({ row }) => row.channel === channel);
    const providerIds = mine.map(({ event }) => event.repliesTo).filter((id) => id !== null);
    const tokens = mine.map(tokenOf).filter((token) => token !== null);
    if (providerIds.length + tokens.length > 0) found.push(...(await findReferred(tx, channel, providerIds, tokens)));
  }
  return found;
}

const tokenOf = ({ event: { content } }: Message): string | null =>
  content.kind === "choice" ? readPayload(content.id).token : null;

function referredBy(message: Message, all: Referred[]): Referred | null {
  const token = tokenOf(message);
  const byToken = token === null ? undefined : all.find((one) => one.token === token);
  const { repliesTo } = message.event;
  return byToken ?? (repliesTo === null ? undefined : all.find((one) => one.providerId === repliesTo)) ?? null;
}

/** Our own end of a conversation. */
type End = Pick<Thread, "channel" | "account">;

const keyOf = (contactId: ContactId, { channel, account }: End) => `${contactId} ${channel} ${account}`;

/** The conversations of a batch. */
interface Threads {
  of(person: Person, end: End, referred: Referred | null): Thread | null;
  remember(thread: Thread): void;
}

async function takeThreads(tx: Tx, mail: Mail[]): Promise<Threads> {
  const people = mail
    .filter(({ person }) => !person.isNew)
    .map(({ person, message }) => ({
      contactId: person.contactId,
      channel: message.row.channel,
      account: message.row.account,
    }));
  const latest = new Map<string, Thread>();
  for (const thread of people.length > 0 ? await takeLatest(tx, people) : [])
    latest.set(keyOf(thread.contactId, thread), thread);
  return {
    of(person, end, referred) {
      const thread = latest.get(keyOf(person.contactId, end)) ?? null;
      if (thread && referred?.callId && thread.state.owner !== "closed") thread.callId = referred.callId;
      return thread;
    },
    remember: (thread) => void latest.set(keyOf(thread.contactId, thread), thread),
  };
}

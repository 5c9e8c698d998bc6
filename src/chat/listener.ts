import { localeOfTag, type CallId, type ContactId, type Instant, type Locale, type MessageId } from "#kit";
import { DEFAULT_BRAND, type Brands } from "#company";
import type { Tx } from "#db";
import type { Channel } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import { about } from "./effects.ts";
import { localeOfText, readInbound, type Heard } from "./core/inbound.ts";
import { openDirectory, type Directory, type Name, type Person } from "./directory.ts";
import type { Ids } from "./ids.ts";
import type { Arrived, Engaged } from "./inbound.ts";
import { adoptConversations, claimName } from "./people-store.ts";
import { findProofs, wholeChoice, type Proof, type Proofs } from "./proofs.ts";
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
  proof: Proof | null;
}

/** Everything is read for the whole batch at once, decided in memory, saved at once. */
export function createListener({
  conduct,
  ids,
  channels,
  brands,
  settings,
}: {
  conduct: Conduct;
  ids: Ids;
  channels: Map<string, Channel>;
  brands: Pick<Brands, "find" | "queueFor">;
  settings: ChatSettings;
}): Listener {
  /** Null: the account serves every brand. */
  const brandOf = ({ channel, account }: End) => channels.get(channel)?.account(account)?.brand ?? null;

  return {
    async listen(tx, messages, now) {
      const changes = noChanges(now);
      if (messages.length === 0) return { changes, engaged: [] };
      const proofs = await findProofs(tx, messages, now);
      noteRefused(proofs, changes);
      const directory = await openDirectory(tx, messages.flatMap(namesOf), ids, changes);
      for (const message of messages) await settleName(tx, message, proofs.of(message), directory);
      const mail = messages.map((message) => addressee(message, proofs.of(message), directory));
      const threads = await takeThreads(tx, mail);
      const engaged = new Map<CallId, Engaged>();
      for (const one of mail) deliver(one, threads, changes, engaged);
      endBursts(changes);
      await save(tx, changes, conduct.rules(messages[0]!.row.channel));
      return { changes, engaged: [...engaged.values()] };
    },
  };

  /**
   * A proof is stronger than the name a message came under, and so is a number the provider vouches for: the name goes
   * to the person it proves, with the conversation that is open under it.
   */
  async function settleName(tx: Tx, message: Message, proof: Proof | null, directory: Directory): Promise<void> {
    const { event, row, at } = message;
    const sender: Name = { channel: row.channel, address: event.from };
    const known = directory.find(sender);
    const owner = proof ?? ownerOfPhone(event, directory);
    if (!owner || known?.contactId === owner.contactId) return;
    const { contactId, locale } = owner;
    await claimName(tx, { ...sender, contactId }, at);
    if (known) await adoptConversations(tx, { ...sender, from: known.contactId, to: contactId });
    directory.assign(sender, { contactId, name: event.name, locale, isNew: false });
  }

  function addressee(message: Message, proof: Proof | null, directory: Directory): Mail {
    const { event, row } = message;
    const content = wholeChoice(event.content, proof, channels.get(row.channel));
    const person = directory.meet(namesOf(message), { name: event.name, locale: localeOf(message) });
    return { message: { ...message, event: { ...event, content } }, proof, person };
  }

  function localeOf({ event: { content, language }, row }: Message): Locale {
    const text = content.kind === "text" || content.kind === "choice" ? content.text : "";
    return localeOfText(text, localeOfTag(language, brands.find(brandOf(row) ?? DEFAULT_BRAND).locale));
  }

  /** Where somebody waits who did not call: in the line of the account's brand and of the own language. */
  function queueOf(row: End, locale: Locale): string {
    const brand = brandOf(row);
    return (brand === null ? null : brands.queueFor(brand, locale)) ?? settings.CHAT_QUEUE;
  }

  function deliver(
    { message, person, proof }: Mail,
    threads: Threads,
    changes: Changes,
    engaged: Map<CallId, Engaged>,
  ): void {
    const { event, row, at } = message;
    if (event.content.kind === "reaction") return;
    const known = threads.of(person, row, proof);
    const thread = known ?? openThread(message, person, proof, changes.at);
    const heard = readInbound(event.content, textsIn(thread.locale));
    const wrote = { kind: "customer-wrote", at: row.receivedAt, wroteAt: at, said: heard.said } as const;
    const id = ids<MessageId>();
    const ended = conduct.tell(thread, wrote, changes);
    const home = ended ? openThread(message, person, proof, changes.at, thread, ended) : thread;
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
    proof: Proof | null,
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
      queue: proof?.queue ?? before?.queue ?? queueOf(row, person.locale),
      callId: proof?.callId ?? null,
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

/** A number the provider vouches for leads to the person who is known by it. */
function ownerOfPhone({ content }: Message["event"], directory: Directory): Person | null {
  return content.kind === "own-phone" ? directory.find({ channel: "phone", address: content.phone }) : null;
}

function noteRefused({ refused }: Proofs, changes: Changes): void {
  for (const { row } of refused)
    changes.events.push({ at: changes.at, kind: "chat.link-refused", data: { channel: row.channel } });
}

/** Our own end of a conversation. */
type End = Pick<Thread, "channel" | "account">;

const keyOf = (contactId: ContactId, { channel, account }: End) => `${contactId} ${channel} ${account}`;

/** The conversations of a batch. */
interface Threads {
  of(person: Person, end: End, proof: Proof | null): Thread | null;
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
    of(person, end, proof) {
      const thread = latest.get(keyOf(person.contactId, end)) ?? null;
      if (thread && proof?.callId && thread.state.owner !== "closed") {
        thread.callId = proof.callId;
        thread.queue = proof.queue ?? thread.queue;
      }
      return thread;
    },
    remember: (thread) => void latest.set(keyOf(thread.contactId, thread), thread),
  };
}

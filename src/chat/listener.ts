import {
  localeOfTag,
  type CallId,
  type ContactId,
  type Instant,
  type Locale,
  type MediaId,
  type MessageId,
} from "#kit";
import { DEFAULT_BRAND, type Brands } from "#company";
import { cleanFileName } from "#media";
import type { Tx } from "#db";
import type { Channel, InboundContent } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import { about } from "./effects.ts";
import { wanted } from "./core/media.ts";
import { localeOfText, readInbound, type Heard } from "./core/inbound.ts";
import { openDirectory, type Directory, type Name, type Person } from "./directory.ts";
import type { Ids } from "./ids.ts";
import type { Arrived, Engaged } from "./inbound.ts";
import { mergeIfSame, type MergeReason } from "./merges.ts";
import { claimName } from "./people-store.ts";
import { findProofs, wholeChoice, type Proof, type Proofs } from "./proofs.ts";
import { save } from "./save.ts";
import type { ChatSettings } from "./settings.ts";
import { textsIn } from "./texts/texts.ts";
import { takeLatest } from "./thread-store.ts";
import { goesOn, noChanges, type Changes, type NewMedia, type Thread } from "./thread.ts";

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
  const brandOf = ({ channel, account }: Pick<Thread, "channel" | "account">) =>
    channels.get(channel)?.account(account)?.brand ?? null;

  return {
    async listen(tx, messages, now) {
      const changes = noChanges(now);
      if (messages.length === 0) return { changes, engaged: [] };
      const proofs = await findProofs(tx, messages, now);
      noteRefused(proofs, changes);
      const directory = await openDirectory(tx, messages.flatMap(namesOf), ids, changes);
      const mail: Mail[] = [];
      for (const message of messages) mail.push(await addressee(tx, message, proofs.of(message), directory));
      const threads = await takeThreads(tx, mail);
      const engaged = new Map<CallId, Engaged>();
      for (const one of mail) deliver(one, threads, changes, engaged);
      endBursts(changes);
      await save(tx, changes, conduct.rules(messages[0]!.row.channel));
      return { changes, engaged: [...engaged.values()] };
    },
  };

  /** Who wrote. A proof is stronger than the name a message came under. */
  async function addressee(tx: Tx, message: Message, proof: Proof | null, directory: Directory): Promise<Mail> {
    const { event, row } = message;
    if (proof) await settleName(tx, message, proof, directory);
    await meetOthers(tx, directory, message);
    const content = wholeChoice(event.content, proof, channels.get(row.channel));
    const person = directory.meet(namesOf(message), { name: event.name, locale: localeOf(message) });
    return { message: { ...message, event: { ...event, content } }, proof, person };
  }

  /** The name a message came under belongs to the person it proves; whoever was known by it is that person. */
  async function settleName(
    tx: Tx,
    message: Message,
    { contactId, locale }: Proof,
    directory: Directory,
  ): Promise<void> {
    const { event, row, at } = message;
    const sender: Name = { channel: row.channel, address: event.from };
    const known = directory.find(sender);
    if (known?.contactId === contactId) return;
    const people: [ContactId, ContactId] | null = known && !known.isNew ? [known.contactId, contactId] : null;
    if (people && (await becomeOne(tx, directory, message, people, "answered-invite"))) return;
    await claimName(tx, { ...sender, contactId }, at);
    directory.assign(sender, { contactId, home: contactId, name: event.name, locale, isNew: false });
  }

  /** What one message calls by several names is one person, unless two telephone numbers speak against it. */
  async function meetOthers(tx: Tx, directory: Directory, message: Message): Promise<void> {
    const [first, ...others] = directory.everyone(namesOf(message)).filter(({ isNew }) => !isNew);
    for (const other of others)
      await becomeOne(tx, directory, message, [first!.contactId, other.contactId], "named-together");
  }

  async function becomeOne(
    tx: Tx,
    directory: Directory,
    { at }: Message,
    [one, other]: [ContactId, ContactId],
    because: MergeReason,
  ): Promise<boolean> {
    const kept = await mergeIfSame(tx, { one, other, because, operatorId: null, at });
    if (kept !== null) directory.join([one, other], kept);
    return kept !== null;
  }

  function localeOf({ event: { content, language }, row }: Message): Locale {
    return localeOfText(ownWords(content), localeOfTag(language, brands.find(brandOf(row) ?? DEFAULT_BRAND).locale));
  }

  /** Where somebody waits who did not call: in the line of the account's brand and of the own language. */
  function queueOf(row: Pick<Thread, "channel" | "account">, locale: Locale): string {
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
    const known = threads.of(person, placeOf(message), proof);
    const thread = known ?? openThread(message, person, proof, changes.at);
    const heard = readInbound(event.content, textsIn(thread.locale));
    const wrote = { kind: "customer-wrote", at: row.receivedAt, wroteAt: at, said: heard.said } as const;
    const id = conduct.nextId(thread);
    const ended = conduct.tell(thread, wrote, changes);
    const home = ended ? openThread(message, person, proof, changes.at, thread, ended) : thread;
    if (ended) conduct.tell(home, wrote, changes);
    threads.remember(person, home);
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
    if (event.content.kind === "media") changes.media.push(fileOf(thread, id, event.content, changes.at));
    changes.events.push({
      ...about(thread),
      at: changes.at,
      kind: "chat.message-in",
      data: { content: event.content.kind },
    });
  }

  /** The file is fetched later: the message stands without it. */
  function fileOf(
    { id: conversationId, channel, account }: Thread,
    messageId: MessageId,
    { media, fileId, fileName }: Extract<InboundContent, { kind: "media" }>,
    at: Instant,
  ): NewMedia {
    const of = { messageId, conversationId, channel, account };
    const file = { kind: media, fileId, fileName: cleanFileName(fileName) };
    return { ...of, ...file, id: ids<MediaId>(), direction: "in", state: wanted(at) };
  }

  /** With a quiet window of nothing the bot is asked right after this commit, not by a later poll. */
  function endBursts(changes: Changes): void {
    for (const thread of changes.threads.values())
      conduct.tell(thread, { kind: "burst-ended", at: changes.at }, changes);
  }
}

/** What the customer typed; the rest of a message is said by the messenger or by us. */
function ownWords(content: InboundContent): string {
  if (content.kind === "media") return content.caption;
  return content.kind === "text" || content.kind === "choice" ? content.text : "";
}

const namesOf = ({ row, event }: Message): Name[] => [
  ...[event.from, ...event.alsoKnownAs].map((address) => ({ channel: row.channel, address })),
  ...(event.phone === null ? [] : [{ channel: "phone", address: event.phone }]),
];

function noteRefused({ refused }: Proofs, changes: Changes): void {
  for (const { row } of refused)
    changes.events.push({ at: changes.at, kind: "chat.link-refused", data: { channel: row.channel } });
}

/** Both ends of a conversation. */
type Place = Pick<Thread, "channel" | "account" | "address">;

/** The conversations of a batch. */
interface Threads {
  of(person: Person, place: Place, proof: Proof | null): Thread | null;
  remember(person: Person, thread: Thread): void;
}

async function takeThreads(tx: Tx, mail: Mail[]): Promise<Threads> {
  const places = mail.filter(({ person }) => !person.isNew).map((one) => ({ ...placeOf(one.message), ...one.person }));
  const found = new Map<string, Thread[]>();
  const keyOf = (contactId: ContactId, { channel, account }: Place) => `${contactId} ${channel} ${account}`;
  const add = (key: string, thread: Thread) => found.set(key, [...(found.get(key) ?? []), thread]);
  for (const { person, ...thread } of places.length > 0 ? await takeLatest(tx, places) : [])
    add(keyOf(person, thread), thread);

  return {
    of(person, place, proof) {
      const thread = goesOn(found.get(keyOf(person.contactId, place)) ?? [], {
        address: place.address,
        answers: proof?.conversationId ?? undefined,
      });
      if (thread && proof?.callId && thread.state.owner !== "closed") {
        thread.callId = proof.callId;
        thread.queue = proof.queue ?? thread.queue;
      }
      return thread;
    },
    remember(person, thread) {
      const key = keyOf(person.contactId, thread);
      if (!found.get(key)?.includes(thread)) add(key, thread);
    },
  };
}

const placeOf = ({ row: { channel, account }, event: { from } }: Message): Place => ({
  channel,
  account,
  address: from,
});

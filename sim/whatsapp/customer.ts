import type { Cancel } from "#kit";
import { messageBody } from "./bodies.ts";
import { readOne } from "./progress.ts";
import { personOf } from "./world.ts";
import type { ChatFile, ChatMessage, Person, World } from "./world.ts";

type MediaKind = "image" | "video" | "audio" | "document" | "sticker";

/** A person's hands and eyes in the chat with the business. Every act returns the id of the message it made. */
export interface Customer {
  readonly waId: string;
  readonly userId: string;
  /** The whole chat, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** What the business's messages look like on the phone. */
  readonly inbox: readonly ChatMessage[];
  /** True while the business shows "typing…". */
  readonly typing: boolean;
  write(text: string, options?: { replyTo?: string }): string;
  /** Taps a button or a list row of a message in the inbox, by place or by id. Throws when there is none. */
  tap(messageId: string, choice: number | string): string;
  sendMedia(
    kind: MediaKind,
    file: { bytes?: Buffer; mimeType: string; caption?: string; filename?: string; voice?: boolean },
  ): string;
  react(messageId: string, emoji: string): string;
  /** Any other message: `content` is Meta's `type` and what belongs to it. */
  send(content: { type: string } & Record<string, unknown>): string;
  /** Edits or deletes an own message. */
  edit(messageId: string, text: string): string;
  revoke(messageId: string): string;
  /** Opens the chat: everything delivered becomes read. */
  read(): void;
  /** Takes a user name (the phone disappears from webhooks), or another display name. */
  change(traits: { name?: string; hidesPhone?: boolean }): void;
  onChange(listener: () => void): Cancel;
}

export function createCustomer(world: World, waId: string): Customer {
  const person = personOf(world, waId);
  const { account, clock } = world;

  const post = (
    content: object,
    bubble: (Pick<ChatMessage, "kind" | "text"> & { file?: ChatFile }) | null,
    repliesTo: string | null = null,
  ) => {
    const id = world.newWamid();
    const at = clock.now();
    world.writers.set(id, person);
    person.lastWroteAt = at;
    const shown: ChatMessage | null = bubble && {
      id,
      from: "customer",
      file: null,
      ...bubble,
      choices: [],
      at,
      status: "sent",
      repliesTo,
    };
    if (shown) person.messages.push(shown);
    const context = repliesTo === null ? {} : { context: { from: account.displayNumber, id: repliesTo } };
    world.courier.send("message", messageBody(account, person, id, at, { ...context, ...content }), () => {
      if (shown?.status === "sent") shown.status = "delivered";
      world.changed(person);
    });
    world.changed(person);
    return id;
  };

  return {
    waId,
    userId: person.userId,
    get messages() {
      return person.messages;
    },
    get inbox() {
      return person.messages.filter(({ from }) => from === "business");
    },
    get typing() {
      return person.typingUntil !== null && person.typingUntil > clock.now();
    },
    write: (text, { replyTo = null }: { replyTo?: string | null } = {}) =>
      post({ type: "text", text: { body: text } }, { kind: "text", text }, replyTo),
    tap(messageId, choice) {
      const { message, chosen, index } = choiceOf(person, messageId, choice);
      return post(tapContent(world, message, chosen, index), { kind: "tap", text: chosen.title }, messageId);
    },
    sendMedia(kind, { bytes = Buffer.from("demo"), mimeType, ...rest }) {
      const { id, sha256 } = world.media.keep(bytes, mimeType);
      const file = { id, mimeType, name: rest.filename ?? null, size: bytes.length };
      const content = { type: kind, [kind]: { id, mime_type: mimeType, sha256, ...rest } };
      return post(content, { kind, text: rest.caption ?? "", file });
    },
    react: (messageId, emoji) => post({ type: "reaction", reaction: { message_id: messageId, emoji } }, null),
    send: (content) => post(content, { kind: content.type, text: "" }),
    edit: (messageId, text) =>
      post(
        { type: "edit", edit: { original_message_id: messageId, message: { type: "text", text: { body: text } } } },
        null,
      ),
    revoke: (messageId) => post({ type: "revoke", revoke: { original_message_id: messageId } }, null),
    read() {
      for (const accepted of world.accepted) {
        if (accepted.waId === waId && accepted.statuses.includes("delivered")) readOne(world, accepted);
      }
    },
    change(traits) {
      Object.assign(person, traits);
      world.changed(person);
    },
    onChange(listener) {
      person.listeners.add(listener);
      return () => person.listeners.delete(listener);
    },
  };
}

function choiceOf(person: Person, messageId: string, choice: number | string) {
  const message = person.messages.find(({ id }) => id === messageId);
  const index = typeof choice === "number" ? choice : (message?.choices.findIndex(({ id }) => id === choice) ?? -1);
  const chosen = message?.choices[index];
  if (!message || !chosen) throw new Error(`The customer sees no choice ${choice} under message ${messageId}.`);
  return { message, chosen, index };
}

/** A tap under a template comes back as `button`, a tap under any other message as `interactive`. */
function tapContent(world: World, message: ChatMessage, chosen: { id: string; title: string }, index: number): object {
  if (message.kind === "template") return { type: "button", button: { payload: chosen.id, text: chosen.title } };
  const sent = world.accepted.find(({ id }) => id === message.id)!;
  const sections = sent.body.interactive?.action.sections;
  if (!sections) return { type: "interactive", interactive: { type: "button_reply", button_reply: chosen } };
  const row = sections.flatMap(({ rows }) => rows)[index];
  return { type: "interactive", interactive: { type: "list_reply", list_reply: { ...row } } };
}

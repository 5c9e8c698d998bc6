import { type Cancel, type JsonObject } from "#kit";
import { memberBody, chatBody, messageHead, secondsOf, textContent, userBody } from "./bodies.ts";
import { mediaContent, type FileTraits, type MediaKind } from "./files.ts";
import type { Chat, ChatMessage, User, World } from "./world.ts";

/** A person's hands and eyes in the chat with a bot. Whatever makes a message answers its id. */
export interface Hands {
  readonly user: Readonly<User>;
  /** The whole chat, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** What the bot wrote. */
  readonly inbox: readonly ChatMessage[];
  readonly started: boolean;
  readonly blocked: boolean;
  /** True while the bot shows "typing…". */
  readonly typing: boolean;
  /** True while a tapped button waits for the bot's answer. */
  readonly spinning: boolean;
  /** Presses Start, or opens a link `https://t.me/<bot>?start=<payload>` and then presses it. */
  start(payload?: string): number;
  write(text: string, options?: { replyTo?: number }): number;
  edit(messageId: number, text: string): void;
  /** Taps a button under a message of the bot, by its place or its words. Throws when there is none. */
  tap(messageId: number, button: number | string): void;
  /** Presses the button that shares the own number. */
  shareContact(): number;
  /** Sends a card out of the phone's address book; `userId` when that person has Telegram. */
  sendContact(card: { phone: string; name: string; userId?: number }): number;
  sendMedia(kind: MediaKind, file?: FileTraits & { bytes?: Buffer; caption?: string }): number;
  /** Any other message: what the Bot API calls its content. */
  send(content: JsonObject): number;
  block(): void;
  unblock(): void;
  change(traits: Partial<Omit<User, "id">>): void;
  onChange(listener: () => void): Cancel;
}

/** How a tapped message shows itself: whole, too old to be shown, or not at all. */
export type TapView = "whole" | "inaccessible" | "absent";

export function createHands(world: World, chat: Chat, tapView: () => TapView): Hands {
  const { clock, updates, random } = world;
  const { user, bot } = chat;

  const messageOf = (id: number): ChatMessage => {
    const found = chat.messages.find((message) => message.id === id && message.body !== null);
    if (!found) throw new Error(`There is no message ${id} in the chat of ${user.id}.`);
    return found;
  };

  function post(kind: string, text: string, content: JsonObject, repliesTo: number | null = null): number {
    const id = bot.nextMessage++;
    const at = clock.now();
    const answered = repliesTo === null ? null : messageOf(repliesTo).body;
    const body = { ...messageHead(chat, { id, from: "user", at, answered }), ...content };
    chat.started = true;
    chat.messages.push({
      id,
      from: "user",
      kind,
      text,
      buttons: [],
      asksContact: null,
      at,
      edited: false,
      repliesTo,
      body,
    });
    updates.tell(bot, "message", body);
    world.changed(chat);
    return id;
  }

  function member(before: "member" | "kicked", after: "member" | "kicked"): void {
    chat.blocked = after === "kicked";
    updates.tell(bot, "my_chat_member", {
      chat: chatBody(chat),
      from: userBody(user),
      date: secondsOf(clock.now()),
      old_chat_member: memberBody(bot, before),
      new_chat_member: memberBody(bot, after),
    });
    world.changed(chat);
  }

  const hands: Hands = {
    user,
    get messages() {
      return chat.messages;
    },
    get inbox() {
      return chat.messages.filter(({ from }) => from === "bot");
    },
    get started() {
      return chat.started;
    },
    get blocked() {
      return chat.blocked;
    },
    get typing() {
      return chat.typingUntil !== null && chat.typingUntil > clock.now();
    },
    get spinning() {
      return chat.spinning.size > 0;
    },
    start(payload) {
      hands.unblock();
      // The app shows the command and hides what it carries.
      return post("text", "/start", textContent(payload === undefined ? "/start" : `/start ${payload}`));
    },
    write(text, { replyTo } = {}) {
      return post("text", text, textContent(text), replyTo ?? null);
    },
    edit(messageId, text) {
      const message = messageOf(messageId);
      const { text: _old, entities: _marks, ...rest } = message.body!;
      message.body = { ...rest, edit_date: secondsOf(clock.now()), ...textContent(text) };
      Object.assign(message, { text, edited: true });
      updates.tell(bot, "edited_message", message.body);
      world.changed(chat);
    },
    tap(messageId, button) {
      const message = messageOf(messageId);
      const wanted = ({ text, data }: ChatMessage["buttons"][number]) => text === button || data === button;
      const tapped = typeof button === "number" ? message.buttons[button] : message.buttons.find(wanted);
      if (!tapped) throw new Error(`There is no button ${button} under message ${messageId}.`);
      const id = String(BigInt(clock.now()) * 1000n + BigInt(random.below(1000)));
      chat.spinning.set(id, clock.now());
      const { text } = tapped;
      const plain = { buttons: [], asksContact: null, edited: false, body: null };
      chat.messages.push({
        ...plain,
        id: bot.nextMessage,
        from: "user",
        kind: "tap",
        text,
        at: clock.now(),
        repliesTo: messageId,
      });
      updates.tell(bot, "callback_query", {
        id,
        from: userBody(user),
        chat_instance: String(user.id * 7919),
        ...(tapped.data === null ? {} : { data: tapped.data }),
        ...shownAs(tapView(), chat, message),
      });
      world.changed(chat);
    },
    shareContact() {
      if (user.phone === null) throw new Error(`${user.firstName} has no phone number to share.`);
      const lastName = user.lastName === null ? {} : { last_name: user.lastName };
      const contact = { phone_number: user.phone, first_name: user.firstName, ...lastName, user_id: user.id };
      return post("contact", user.phone, { contact });
    },
    sendContact({ phone, name, userId }) {
      const known = userId === undefined ? {} : { user_id: userId };
      return post("contact", phone, { contact: { phone_number: phone, first_name: name, ...known } });
    },
    sendMedia(kind, { bytes = Buffer.from("demo"), caption, ...traits } = {}) {
      const file = world.files.keep(kind, bytes, traits);
      return post(kind, caption ?? "", {
        ...mediaContent(kind, file),
        ...(caption === undefined ? {} : { caption }),
      });
    },
    send: (content) => post(Object.keys(content)[0] ?? "text", "", content),
    block() {
      if (!chat.blocked) member("member", "kicked");
    },
    unblock() {
      if (chat.blocked) member("kicked", "member");
    },
    change(traits) {
      Object.assign(user, traits);
      world.changed(chat);
    },
    onChange(listener) {
      chat.listeners.add(listener);
      return () => chat.listeners.delete(listener);
    },
  };
  return hands;
}

function shownAs(view: TapView, chat: Chat, { id, body }: ChatMessage): JsonObject {
  if (view === "absent") return {};
  return { message: view === "whole" ? body! : { chat: chatBody(chat), message_id: id, date: 0 } };
}

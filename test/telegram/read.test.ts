import { describe, expect, it } from "vitest";
import type { ChannelEvent } from "../../src/chat/channel.ts";
import { readBody, readUpdate } from "../../src/chat/channels/telegram/read.ts";
import { recordedUpdates } from "../support/telegram-spec.ts";

const BOT = "777000";

const recorded = (name: string): ChannelEvent => readUpdate(recordedUpdates[name]!, BOT);
/** What a recorded message was read as. */
const contentOf = (name: string) => {
  const event = recorded(name);
  return event.kind === "message" || event.kind === "edited" ? event.content : event;
};

/** An update with one message in a private chat. */
const update = (message: object, more: object = {}) => ({
  update_id: 7,
  message: {
    message_id: 50,
    from: { id: 4242, is_bot: false, first_name: "Анна", last_name: "Соколова", language_code: "ru" },
    chat: { id: 4242, type: "private", first_name: "Анна" },
    date: 1_790_000_000,
    ...message,
  },
  ...more,
});
const read = (message: object) => readUpdate(update(message), BOT);

describe("reading recorded updates", () => {
  it("says what each of them is", () => {
    const kinds = Object.entries(recordedUpdates).map(([name, body]) => {
      const event = readUpdate(body, BOT);
      return [name, event.kind === "message" ? event.content.kind : event.kind];
    });

    expect(Object.fromEntries(kinds)).toEqual({
      message: "text",
      command: "text",
      command_with_parameters: "text",
      contact: "contacts",
      callback_query: "choice",
      callback_query_inaccessible_message: "choice",
      callback_query_without_message: "choice",
      edited_message: "edited",
      photo: "media",
      document: "media",
      audio: "media",
      location: "location",
      sticker: "media",
      entities: "text",
      my_chat_member: "blocked",
      message_reaction: "ignored",
      message_forward_origin: "text",
      poll_answer: "ignored",
      channel_post: "ignored",
      inline_query: "ignored",
      chat_member: "ignored",
      video: "media",
      voice: "media",
      video_note: "media",
      animation: "media",
      venue: "location",
      dice: "text",
      web_app_data: "unsupported",
      left_chat_member: "unsupported",
      new_chat_members: "unsupported",
    });
  });

  it("names the person, the chat and the message for one bot only", () => {
    expect(recorded("message")).toEqual({
      account: BOT,
      lane: "telegram:456",
      dedupe: "1",
      order: 1,
      at: 1_684_984_664_000,
      kind: "message",
      providerId: "777000:456:123",
      from: "456",
      alsoKnownAs: [],
      phone: null,
      name: "Mario",
      language: "en",
      content: { kind: "text", text: "Ciao" },
      repliesTo: null,
    });
  });

  it("takes the largest photo and the type of a file", () => {
    expect(contentOf("photo")).toEqual({
      kind: "media",
      media: "image",
      fileId: "SEES",
      mimeType: "image/jpeg",
      caption: "asdasdasdasdasdasd",
    });
    expect(contentOf("document")).toMatchObject({
      media: "document",
      fileName: "document.pdf",
      mimeType: "application/pdf",
    });
    expect(contentOf("voice")).toMatchObject({ media: "voice", mimeType: "audio/ogg" });
    expect(contentOf("video_note")).toMatchObject({ media: "video", fileId: "dfgfdgdfgdfggdfgdf" });
    expect(contentOf("animation")).toMatchObject({ media: "video", fileName: "lol.mp4" });
    expect(contentOf("venue")).toMatchObject({ kind: "location", text: "McDonald's, Via Giolitti 65" });
  });

  it("reads a tap with the title of the button, its id as the message, and the tapped one as what it answers", () => {
    const tap = recordedUpdates["callback_query"]!;
    const query = { ...(tap["callback_query"] as object), data: "a" };

    expect(readUpdate({ ...tap, callback_query: query }, BOT)).toMatchObject({
      lane: "telegram:222222222",
      at: 0,
      providerId: "777000:222222222:69587:666728699048485871",
      content: { kind: "choice", id: "a", text: "asd" },
      repliesTo: "777000:222222222:69587",
    });
    expect(recorded("callback_query_inaccessible_message")).toMatchObject({
      content: { kind: "choice", id: "thedata", text: "thedata" },
      repliesTo: "777000:222222222:69587",
    });
    expect(recorded("callback_query_without_message")).toMatchObject({
      lane: "telegram:222222222",
      providerId: "777000:222222222:0:666728699048485871",
      repliesTo: null,
    });
  });

  it("reads an edit as the new words of the old message", () => {
    expect(recorded("edited_message")).toMatchObject({
      dedupe: "62257549",
      at: 1_584_985_245_000,
      providerId: "777000:999999999:23762",
      content: { kind: "text", text: "Editing this message" },
    });
  });
});

describe("opening the chat", () => {
  it.each([
    ["/start", null],
    ["/start ", null],
    ["/start AbC-_9", "AbC-_9"],
    ["/start@kubik_bot token", "token"],
    [`/start ${"x".repeat(64)}`, "x".repeat(64)],
  ])("reads %s", (text, token) => {
    expect(read({ text })).toMatchObject({ content: { kind: "start", token } });
  });

  it.each([`/start ${"x".repeat(65)}`, "/start два слова", "/started", "start", "/help"])(
    "takes %s for words",
    (text) => {
      expect(read({ text })).toMatchObject({ content: { kind: "text", text } });
    },
  );
});

describe("a contact", () => {
  const card = { phone_number: "79161234567", first_name: "Анна" };

  it("is the sender's own number only when Telegram says that it belongs to the sender", () => {
    expect(read({ contact: { ...card, user_id: 4242 } })).toMatchObject({
      phone: "+79161234567",
      content: { kind: "own-phone", phone: "+79161234567" },
    });
    expect(read({ contact: { ...card, phone_number: "+7 916 123-45-67", user_id: 4242 } })).toMatchObject({
      phone: "+79161234567",
    });
  });

  it.each([
    ["somebody else's", { ...card, user_id: 5151 }],
    ["nobody's that Telegram knows", card],
    ["no number at all", { ...card, phone_number: "911", user_id: 4242 }],
  ])("is only shown when it is %s", (_whose, contact) => {
    expect(read({ contact })).toMatchObject({ phone: null, content: { kind: "contacts" } });
  });
});

describe("who blocks the bot", () => {
  const member = (status: string, type = "private") =>
    readUpdate(
      {
        update_id: 8,
        my_chat_member: { chat: { id: 4242, type }, date: 1_790_000_000, new_chat_member: { status } },
      },
      BOT,
    );

  it("is known by the bot's own membership", () => {
    expect(member("kicked")).toMatchObject({ kind: "blocked", from: "4242", blocked: true, lane: "telegram:4242" });
    expect(member("member")).toMatchObject({ kind: "blocked", from: "4242", blocked: false });
  });

  it("is nobody when a group throws the bot out", () => {
    expect(member("kicked", "supergroup")).toMatchObject({ kind: "ignored", what: "my_chat_member" });
  });
});

describe("what is none of our business", () => {
  it.each([
    ["groups", { chat: { id: -100, type: "supergroup", title: "x" } }],
    ["other bots", { from: { id: 1, is_bot: true, first_name: "Bot" } }],
    ["pinned messages", { pinned_message: { message_id: 1 } }],
  ])("is ignored: %s", (_what, message) => {
    expect(read({ text: "hi", ...message })).toMatchObject({ kind: "ignored" });
  });

  it("is counted, not lost: deletions that only business accounts hear of", () => {
    const deleted = {
      update_id: 9,
      deleted_business_messages: { business_connection_id: "b", chat: {}, message_ids: [1] },
    };
    expect(readUpdate(deleted, BOT)).toMatchObject({ kind: "ignored", what: "deleted_business_messages", dedupe: "9" });
  });

  it("keeps a message of which one field has another shape than we know", () => {
    expect(read({ text: "hi", dice: "six", reply_to_message: null })).toMatchObject({
      content: { kind: "text", text: "hi" },
    });
    expect(read({ venue: "a place" })).toMatchObject({ content: { kind: "unsupported" } });
  });

  it("answers null for what is no update", () => {
    for (const text of ["", "{", "[]", '"x"', "{}", '{"update_id":"1"}'])
      expect(readBody(Buffer.from(text), BOT)).toBeNull();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MessageId } from "#kit";
import type { OutboundContent } from "../../src/chat/channel.ts";
import { telegramAbilities } from "../../src/chat/channels/telegram/index.ts";
import { keyOf } from "../../src/chat/channels/telegram/keys.ts";
import { hasSeen, messageName, readName, tapName } from "../../src/chat/channels/telegram/names.ts";
import { payloadOf } from "../../src/chat/channels/telegram/payload.ts";
import { validateCall } from "../support/telegram-spec.ts";

const id = "01935a3c-0000-7000-8000-000000000001" as MessageId;
const to = { channel: "telegram", account: "777000", id: "4242" };
const payload = (content: OutboundContent, replyTo?: string) =>
  payloadOf({ id, to, content, ...(replyTo === undefined ? {} : { replyTo }) }, telegramAbilities);

describe("what is sent to Telegram", () => {
  it("is plain text without marks and previews", () => {
    expect(payload({ kind: "text", text: "*не* <b>жирно</b> _вовсе_" })).toEqual({
      chat_id: 4242,
      text: "*не* <b>жирно</b> _вовсе_",
      link_preview_options: { is_disabled: true },
    });
  });

  it("has one button to a row", () => {
    const choices = [
      { id: "yes", title: "Да" },
      { id: "no", title: "Нет" },
    ];
    expect(payload({ kind: "buttons", text: "?", choices })).toMatchObject({
      reply_markup: {
        inline_keyboard: [[{ text: "Да", callback_data: "yes" }], [{ text: "Нет", callback_data: "no" }]],
      },
    });
    expect(payload({ kind: "list", text: "?", button: "Выбрать", choices })).toMatchObject({
      reply_markup: { inline_keyboard: [[{ text: "Да" }], [{ text: "Нет" }]] },
    });
    expect(payload({ kind: "buttons", text: "?", choices: [] })).not.toHaveProperty("reply_markup");
  });

  it("asks for the number with a button of its own", () => {
    expect(payload({ kind: "ask-phone", text: "?", button: "Мой номер" })).toMatchObject({
      reply_markup: { keyboard: [[{ text: "Мой номер", request_contact: true }]], one_time_keyboard: true },
    });
  });

  it("answers a message, also one that is gone; a tap on nothing is answered as nothing", () => {
    expect(payload({ kind: "text", text: "x" }, messageName("777000", 4242, 50))).toMatchObject({
      reply_parameters: { message_id: 50, allow_sending_without_reply: true },
    });
    expect(payload({ kind: "text", text: "x" }, tapName("777000", 4242, 0, "q"))).not.toHaveProperty(
      "reply_parameters",
    );
  });

  it("agrees with the description of the Bot API whatever anybody says", () => {
    const text = fc.string({ unit: "binary", maxLength: 6000 });
    const choices = fc.array(fc.record({ id: fc.string({ unit: "binary", maxLength: 300 }), title: text }), {
      maxLength: 30,
    });
    const content = fc.oneof(
      fc.record({ kind: fc.constant("text" as const), text }),
      fc.record({ kind: fc.constant("buttons" as const), text, choices }),
      fc.record({ kind: fc.constant("list" as const), text, button: text, choices }),
      fc.record({ kind: fc.constant("ask-phone" as const), text, button: text }),
    );

    fc.assert(
      fc.property(content, (any) => {
        const usable = "choices" in any ? { ...any, choices: any.choices.filter((choice) => choice.id !== "") } : any;
        expect(validateCall("sendMessage", payload(usable as OutboundContent))).toEqual([]);
      }),
    );
  });
});

describe("what a button carries", () => {
  it("is the id as it is while it fits into 64 bytes", () => {
    expect(keyOf("intent:order-status|0123456789abcdef0123456789abcdef")).toBe(
      "intent:order-status|0123456789abcdef0123456789abcdef",
    );
    expect(keyOf("я".repeat(32))).toBe("я".repeat(32));
  });

  it("is a key made of a longer id, the same every time, and never another id's", () => {
    const any = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(any, any, (one, other) => {
        expect(Buffer.byteLength(keyOf(one))).toBeLessThanOrEqual(64);
        expect(keyOf(one) === keyOf(other)).toBe(one === other);
      }),
    );
  });
});

describe("names of messages", () => {
  it("can be read back", () => {
    expect(readName(messageName("777000", 4242, 50))).toEqual({ bot: "777000", chat: "4242", message: 50, tap: null });
    expect(readName(tapName("777000", -5, 50, "66:6"))).toEqual({
      bot: "777000",
      chat: "-5",
      message: 50,
      tap: "66:6",
    });
    for (const foreign of ["", "wamid.1", "1:2", "1:2:x"]) expect(readName(foreign)).toBeNull();
  });

  it("tell what a customer must have seen: what is older than their message, and what they tapped", () => {
    const ours = (message: number, chat = 4242, bot = "777000") => messageName(bot, chat, message);
    expect(hasSeen(ours(51), ours(50))).toBe(true);
    expect(hasSeen(ours(49), ours(50))).toBe(false);
    expect(hasSeen(tapName("777000", 4242, 50, "q"), ours(50))).toBe(true);
    expect(hasSeen(tapName("777000", 4242, 50, "q"), ours(51))).toBe(false);
    expect(hasSeen(tapName("777000", 4242, 0, "q"), ours(50))).toBe(false);
    expect(hasSeen(ours(51, 5151), ours(50))).toBe(false);
    expect(hasSeen(ours(51), ours(50, 4242, "888000"))).toBe(false);
  });
});

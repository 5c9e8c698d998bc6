import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, type Locale, type MediaId, type MessageId } from "#kit";
import type { MediaKind, OutboundContent, OutboundMessage } from "../../src/chat/channel.ts";
import { bodyOf, readBody } from "../../src/chat/channels/whatsapp-cloud/body.ts";
import { whatsAppCloudAbilities } from "../../src/chat/channels/whatsapp-cloud/index.ts";
import { validateSend } from "../support/whatsapp-spec.ts";

const id = "01935a3c-0000-7000-8000-000000000001" as MessageId;
const to = (address: string) => ({ channel: "whatsapp-cloud", account: "106540352242922", id: address });
const message = (content: OutboundContent, address = "79161234567"): OutboundMessage => ({
  id,
  to: to(address),
  content,
});
const body = (outbound: OutboundMessage) =>
  bodyOf(outbound, whatsAppCloudAbilities, "4490709327384033") as Record<string, any>;

const hostile = [
  "",
  " ",
  "\u0000",
  "\ud83d",
  "\u202e".repeat(50),
  "e\u0301".repeat(5000),
  "👨‍👩‍👧‍👦".repeat(700),
  `z${"\u0300".repeat(9000)}`,
  "a\tb\n\nc        d",
  "<script>{{1}}</script>",
  '"}],"x":"',
  "я".repeat(20_000),
];
const choices = hostile.map((text, index) => ({ id: `choice-${index}`, title: text, description: text }));
const contents = hostile.flatMap((text): OutboundContent[] => [
  { kind: "text", text },
  { kind: "buttons", text, choices },
  { kind: "list", text, button: text, choices },
  { kind: "template", text, name: "queue_offer", locale: "ru", variables: [text], payloads: ["one", "two"] },
  ...(["image", "video", "audio", "voice", "document"] as const).map((media) => fileContent(media, text)),
]);

function fileContent(media: MediaKind, text: string): OutboundContent {
  const file = { sha256: "ab".repeat(32), type: "image/png", size: 7, fileName: text };
  return { kind: "media", media, text, mediaId: id as string as MediaId, ...file };
}

describe("the body of a message", () => {
  it.each(contents.map((content) => ({ kind: content.kind, text: content.text.slice(0, 12), content })))(
    "agrees with the specification: $kind $text",
    ({ content }) => {
      expect(validateSend(body(message(content)))).toEqual([]);
    },
  );

  it("agrees with the specification whatever the texts", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.string({ unit: "grapheme", maxLength: 5000 }),
    );
    const choice = fc.record({ id: fc.string({ minLength: 1, maxLength: 200 }), title: text, description: text });
    const content: fc.Arbitrary<OutboundContent> = fc.oneof(
      fc.record({ kind: fc.constant("text" as const), text }),
      fc.record({ kind: fc.constant("buttons" as const), text, choices: fc.array(choice, { maxLength: 5 }) }),
      fc.record({
        kind: fc.constant("list" as const),
        text,
        button: text,
        choices: fc.array(choice, { maxLength: 12 }),
      }),
      fc.record({
        kind: fc.constant("template" as const),
        text,
        name: fc.constant("queue_offer"),
        locale: fc.constantFrom<Locale>("ru", "en"),
        variables: fc.array(text, { maxLength: 3 }),
        payloads: fc.array(fc.string({ minLength: 1, maxLength: 128 }), { maxLength: 3 }),
      }),
      fc
        .tuple(fc.constantFrom<MediaKind>("image", "video", "audio", "voice", "document"), text)
        .map(([media, words]) => fileContent(media, words)),
    );

    fc.assert(
      fc.property(content, (anything) => validateSend(body(message(anything))).length === 0),
      { numRuns: 300 },
    );
  });

  it("carries our id and the message it answers", () => {
    expect(body({ ...message({ kind: "text", text: "hi" }), replyTo: "wamid.A" })).toEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: "+79161234567",
      context: { message_id: "wamid.A" },
      biz_opaque_callback_data: id,
      type: "text",
      text: { body: "hi", preview_url: false },
    });
  });

  it("names a person without a phone number as recipient", () => {
    const outbound = body(message({ kind: "text", text: "hi" }, "US.13491208655302741918"));

    expect(outbound).toMatchObject({ recipient: "US.13491208655302741918" });
    expect(outbound).not.toHaveProperty("to");
    expect(validateSend(outbound)).toEqual([]);
  });

  it("keeps button titles apart after cutting them", () => {
    const same = ["a", "b", "c"].map((choice) => ({ id: choice, title: "Where is my order, please" }));

    const { buttons } = body(message({ kind: "buttons", text: "?", choices: same })).interactive.action;

    expect(buttons.map((button: any) => button.reply.title)).toEqual([
      "Where is my order, …",
      "Where is my order… 2",
      "Where is my order… 3",
    ]);
  });

  it("drops choices beyond the limit and choices with an id that was used", () => {
    const many = ["a", "a", "b", "c", "d"].map((choice, index) => ({ id: choice, title: `Title ${index}` }));

    const { buttons } = body(message({ kind: "buttons", text: "?", choices: many })).interactive.action;

    expect(buttons.map((button: any) => button.reply.id)).toEqual(["a", "b", "c"]);
  });

  it("sends plain text when there is nothing to choose", () => {
    expect(body(message({ kind: "buttons", text: "hi", choices: [] }))).toMatchObject({ type: "text" });
    expect(body(message({ kind: "list", text: "hi", button: "b", choices: [] }))).toMatchObject({ type: "text" });
  });

  it("puts template variables on one line and payloads under their buttons", () => {
    const template: OutboundContent = {
      kind: "template",
      text: "…",
      name: "queue_offer",
      locale: "en",
      variables: ["Anna\n\tMaria     Smith"],
      payloads: ["order_status", "returns"],
    };

    expect(body(message(template)).template).toEqual({
      name: "queue_offer",
      language: { code: "en" },
      components: [
        { type: "body", parameters: [{ type: "text", text: "Anna Maria Smith" }] },
        {
          type: "button",
          sub_type: "quick_reply",
          index: "0",
          parameters: [{ type: "payload", payload: "order_status" }],
        },
        { type: "button", sub_type: "quick_reply", index: "1", parameters: [{ type: "payload", payload: "returns" }] },
      ],
    });
  });

  it("marks as read, with or without typing", () => {
    expect(validateSend(readBody("wamid.A", true))).toEqual([]);
    expect(readBody("wamid.A", true)).toHaveProperty("typing_indicator");
    expect(readBody("wamid.A", false)).not.toHaveProperty("typing_indicator");
  });
});

describe("cutting a text", () => {
  it("never cuts inside a character", () => {
    expect(cut("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 15)).toBe("👨‍👩‍👧‍👦…");
    expect(cut("ab👍", 3)).toBe("ab…");
  });

  it("leaves a text alone that fits", () => {
    expect(cut("ab👍", 4)).toBe("ab👍");
  });
});

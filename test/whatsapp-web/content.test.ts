import type { proto } from "@whiskeysockets/baileys";
import { describe, expect, it } from "vitest";
import { readContent, unwrap } from "../../src/chat/channels/whatsapp-web/worker/content.ts";
import { isCrowd, numberOf, personOf, phoneOf } from "../../src/chat/channels/whatsapp-web/worker/jid.ts";
import { idInName, nameOfOurs, readName } from "../../src/chat/channels/whatsapp-web/worker/names.ts";
import { readMessage, readReceipt } from "../../src/chat/channels/whatsapp-web/worker/read.ts";
import { newId, type MessageId } from "#kit";

const read = (message: proto.IMessage) => readContent(unwrap(message));

describe("what a message holds", () => {
  const file = { mimetype: "image/jpeg", directPath: "/v/t62.7118-24/1", mediaKey: Uint8Array.of(1, 2, 3) };

  it.each<[string, proto.IMessage, object]>([
    ["text", { conversation: "Алло" }, { kind: "text", text: "Алло" }],
    ["text with a link", { extendedTextMessage: { text: "https://kubik.example" } }, { kind: "text" }],
    ["vanishing text", { ephemeralMessage: { message: { conversation: "Алло" } } }, { kind: "text", text: "Алло" }],
    ["a picture", { imageMessage: { ...file, caption: "Вот" } }, { kind: "media", media: "image", caption: "Вот" }],
    ["a picture to be seen once", { viewOnceMessageV2: { message: { imageMessage: file } } }, { media: "image" }],
    ["a film", { videoMessage: { mimetype: "video/mp4" } }, { media: "video", mimeType: "video/mp4" }],
    ["a voice note", { audioMessage: { ptt: true } }, { media: "voice" }],
    ["a sound", { audioMessage: {} }, { media: "audio" }],
    ["a sticker", { stickerMessage: {} }, { media: "sticker" }],
    [
      "a document with words",
      { documentWithCaptionMessage: { message: { documentMessage: { fileName: "чек.pdf", caption: "чек" } } } },
      { media: "document", fileName: "чек.pdf", caption: "чек" },
    ],
    [
      "a place",
      { locationMessage: { degreesLatitude: 55.75, degreesLongitude: 37.61, name: "Склад" } },
      { kind: "location", latitude: 55.75, longitude: 37.61, text: "Склад" },
    ],
    [
      "somebody's card",
      { contactMessage: { displayName: "Пётр", vcard: "BEGIN:VCARD\nTEL;type=CELL:+7 916 123-45-67\nEND:VCARD" } },
      { kind: "contacts", text: "Пётр", phones: ["+7 916 123-45-67"] },
    ],
    ["a poll", { pollCreationMessage: { name: "?" } }, { kind: "unsupported", what: "pollCreation" }],
    ["an order", { orderMessage: {} }, { kind: "unsupported", what: "order" }],
  ])("%s", (_case, message, content) => expect(read(message)).toMatchObject(content));

  it("nothing at all, and what only belongs to encryption", () => {
    expect(read({})).toBeNull();
    expect(read({ senderKeyDistributionMessage: {}, messageContextInfo: {} })).toBeNull();
  });

  it("a file is named by its path at WhatsApp and its key, never by an address", () => {
    const content = read({ imageMessage: { ...file, url: "https://evil.example/x" } });
    const named = content?.kind === "media" ? Buffer.from(content.fileId, "base64url").toString() : "";
    expect(JSON.parse(named)).toEqual({ media: "image", path: file.directPath, key: "AQID" });
    expect(named).not.toContain("evil");
  });

  it("an envelope in an envelope without end does not loop", () => {
    const endless: proto.IMessage = {};
    endless.ephemeralMessage = { message: endless };
    expect(() => read(endless)).not.toThrow();
  });
});

describe("who is who", () => {
  it("a person is a number or a hidden name, whatever the device", () => {
    expect(personOf("79161234567:12@s.whatsapp.net")).toBe("79161234567@s.whatsapp.net");
    expect(personOf("1000:3@lid")).toBe("1000@lid");
    for (const nobody of ["120363@g.us", "status@broadcast", "1@newsletter", "x@s.whatsapp.net", "", null, undefined])
      expect(personOf(nobody)).toBeNull();
    expect([phoneOf("79161234567@s.whatsapp.net"), phoneOf("1000@lid"), numberOf("1000@lid")]).toEqual([
      "+79161234567",
      null,
      null,
    ]);
    expect(["1@g.us", "status@broadcast", "1@newsletter", "@s.whatsapp.net", "1@lid"].filter(isCrowd)).toEqual([
      "1@g.us",
      "status@broadcast",
      "1@newsletter",
    ]);
  });

  it("our messages carry our own id and nobody else's name is taken for one", () => {
    const id = newId<MessageId>(1_795_000_000_000);
    expect(nameOfOurs(id)).toMatch(/^[0-9A-F]{32}$/);
    expect(idInName(nameOfOurs(id))).toBe(id);
    expect([idInName("3EB04F7E4CE84A7ADF2B4C"), idInName("")]).toEqual([null, null]);
    expect(readName("1000@lid/3AFF")).toEqual({ chat: "1000@lid", message: "3AFF" });
    expect([readName("3AFF"), readName("")]).toEqual([null, null]);
  });
});

describe("what is left out", () => {
  const me = { account: "79990000001", jids: ["79990000001@s.whatsapp.net", "1@lid"] };
  const key = { remoteJid: "79161234567@s.whatsapp.net", id: "3AFF", fromMe: false };

  it.each([
    ["a group", { key: { ...key, remoteJid: "1@g.us" }, message: { conversation: "x" } }, "not-a-person"],
    [
      "the telephone's own words",
      { key: { ...key, fromMe: true }, message: { conversation: "x" } },
      "sent-by-the-account",
    ],
    ["what could not be decrypted", { key }, "not-decrypted"],
    ["orders of the protocol", { key, message: { protocolMessage: { type: 3 } } }, "nothing-to-show"],
  ])("%s", (_case, message, what) => expect(readMessage(message, me)).toMatchObject({ kind: "ignored", what }));

  it("something that was not decrypted does not stand in the way of the same message later", () => {
    const first = readMessage({ key }, me);
    const again = readMessage({ key, message: { conversation: "x" } }, me);
    expect(again.kind).toBe("message");
    expect(first.dedupe).not.toBe(again.dedupe);
  });

  it("receipts for messages of others, and marks that say nothing", () => {
    expect(readReceipt({ key, update: { status: 3 } }, me)).toBeNull();
    expect(readReceipt({ key: { ...key, fromMe: true }, update: { status: 3 } }, me)).toBeNull();
    const ours = { ...key, fromMe: true, id: nameOfOurs(newId<MessageId>(1_795_000_000_000)) };
    expect(readReceipt({ key: ours, update: { status: 1 } }, me)).toBeNull();
    expect(readReceipt({ key: ours, update: { status: 5 } }, me)).toMatchObject({ status: "read" });
  });
});

import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { days, newId, type ConversationId } from "#kit";
import type { MediaStore } from "#media";
import { createFileStore } from "../../src/media/store-files.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { temporaryFolder } from "../support/folder.ts";
import { photo, receipt, voice } from "../support/samples.ts";
import { createStage, wipe, type Stage } from "./stage.ts";

const PERSON = { handOff: { because: "asked-for-person" as const }, text: "Хорошо." };

/** A form as browsers send it, with the fields in this order. */
function form(...fields: [name: string, value: string | { name: string; bytes: Buffer; type?: string }][]): FormData {
  const made = new FormData();
  for (const [name, value] of fields)
    if (typeof value === "string") made.append(name, value);
    else made.append(name, new Blob([new Uint8Array(value.bytes)], { type: value.type ?? "image/png" }), value.name);
  return made;
}

const fileForm = (bytes: Buffer, name: string, text = "", clientId = newClientId()) =>
  form(["clientId", clientId], ["text", text], ["file", { name, bytes }]);
const newClientId = () => newId() as string;

describe("an operator's file", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase({ connections: 20 })));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  /** A conversation that waits for a person, and who answers it. */
  async function withCustomer(store?: MediaStore) {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" }, ...(store ? { store } : {}) });
    stage.bot.answerWith(() => PERSON);
    await stage.deliver(wrote("7001", "оператор"));
    await stage.settle();
    const { id } = (await stage.conversations())[0]!;
    const olga = stage.as(await stage.operator("Ольга"));
    return { stage, id, olga };
  }
  const sentFiles = (stage: Stage) => stage.channel.sent.filter(({ content }) => content.kind === "media");

  it("is queued with what was written beside it, and sent as what it is", async () => {
    const { stage, id, olga } = await withCustomer();
    const { status, body } = await olga.attach(id, fileForm(photo, "ящик.png", "Вот так?"));
    await stage.settle();

    expect(status).toBe(202);
    const [sent] = sentFiles(stage);
    expect(sent).toMatchObject({
      id: body.messageId,
      content: { media: "image", type: "image/jpeg", text: "Вот так?", fileName: "ящик.png", size: photo.length },
    });
    expect(await buffer((await sent!.openFile!())!)).toEqual(photo);
    const { body: thread } = await olga.get(`/conversations/${id}`);
    expect(thread.messages.at(-1)).toMatchObject({
      author: "operator",
      text: "Фото: Вот так?",
      file: { at: "stored", kind: "image", caption: "Вот так?", showable: true },
    });
    expect((await olga.file(thread.messages.at(-1).file.id)).rawPayload).toEqual(photo);
    expect(thread.conversation).toMatchObject({ owner: "operator", preview: "Фото: Вот так?" });
    expect(thread.conversation.attach).toEqual({
      types: ["image/jpeg", "image/png", "audio/ogg; codecs=opus", "application/pdf", "text/plain"],
      mostBytes: 8 * 1024 * 1024,
    });
  });

  it("that cannot carry words takes them along as a message of their own", async () => {
    const { stage, id, olga } = await withCustomer();
    await olga.attach(id, fileForm(voice, "note.ogg", "Послушайте"));
    await stage.settle();

    expect(stage.channel.sent.slice(-2).map(({ content }) => [content.kind, content.text])).toEqual([
      ["media", ""],
      ["text", "Послушайте"],
    ]);
    expect((await stage.messages()).slice(-2).map(({ text }) => text)).toEqual(["Голосовое сообщение", "Послушайте"]);
  });

  it("is sent once, however often the browser asks", async () => {
    const { stage, id, olga } = await withCustomer();
    const clientId = newClientId();
    const first = await olga.attach(id, fileForm(receipt, "чек.pdf", "", clientId));
    await olga.post(`/conversations/${id}/close`, {});
    const again = await olga.attach(id, fileForm(receipt, "чек.pdf", "", clientId));
    await stage.settle();

    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(sentFiles(stage)).toHaveLength(1);
    expect(sentFiles(stage)[0]).toMatchObject({ content: { media: "document", fileName: "чек.pdf" } });
  });

  it.each<[string, FormData, number, string, RegExp]>([
    [
      "of another type",
      fileForm(Buffer.from("<svg><script/></svg>"), "a.png"),
      422,
      "file_type_refused",
      /It takes: image/,
    ],
    [
      "too large for its kind",
      fileForm(Buffer.concat([voice, Buffer.alloc(2 ** 20)]), "a.ogg"),
      413,
      "file_too_large",
      /takes 1 MB/,
    ],
    [
      "too large for everything",
      fileForm(Buffer.alloc(9.5 * 2 ** 20, "x"), "a.txt"),
      413,
      "file_too_large",
      /takes 8 MB/,
    ],
    [
      "larger than the form may be",
      fileForm(Buffer.alloc(12 * 2 ** 20, "x"), "a.txt"),
      413,
      "file_too_large",
      /takes 8 MB/,
    ],
    ["empty", fileForm(Buffer.alloc(0), "a.png"), 422, "file_missing", /not empty/],
    ["missing", form(["clientId", newClientId()]), 422, "file_missing", /Choose a file/],
    [
      "before its fields",
      form(["file", { name: "a", bytes: photo }], ["clientId", newClientId()]),
      422,
      "invalid_field",
      /"clientId"/,
    ],
    [
      "with an unknown field",
      form(["clientId", newClientId()], ["to", "x"], ["file", { name: "a", bytes: photo }]),
      422,
      "invalid_field",
      /not right/,
    ],
    ["with too long words", fileForm(photo, "a.jpg", "я".repeat(4097)), 422, "invalid_field", /"text"/],
  ])("is refused in words and leaves nothing behind: %s", async (_what, body, status, code, words) => {
    const { stage, id, olga } = await withCustomer();
    const before = (await stage.messages()).length;
    const answer = await olga.attach(id, body);

    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.message).toMatch(words);
    expect(await stage.messages()).toHaveLength(before);
    expect(await db.query("select * from media_file")).toEqual([]);
  });

  it("is only one at a time", async () => {
    const { stage, id, olga } = await withCustomer();
    const two = form(
      ["clientId", newClientId()],
      ["file", { name: "a.jpg", bytes: photo }],
      ["file", { name: "b.pdf", bytes: receipt }],
    );
    expect((await olga.attach(id, two)).status).toBe(202);
    await stage.settle();

    expect(sentFiles(stage)).toHaveLength(1);
  });

  it("is refused like any reply: after the window, in a colleague's chat, in a closed one, in none", async () => {
    const { stage, id, olga } = await withCustomer();
    const boris = stage.as(await stage.operator("Борис"));
    await olga.post(`/conversations/${id}/messages`, { text: "Моё", clientId: newClientId() });
    const code = async (who: typeof olga, conversation = id) =>
      (await who.attach(conversation, fileForm(photo, "a.jpg"))).body.code;

    expect(await code(boris)).toBe("owned_by_other");
    await stage.pass(days(2));
    expect(await code(olga)).toBe("window_closed");
    await olga.post(`/conversations/${id}/close`, {});
    expect(await code(olga)).toBe("conversation_closed");
    expect(await code(olga, newId<ConversationId>())).toBe("conversation_not_found");
  });

  it("is refused where the messenger carries none", async () => {
    const { stage, id, olga } = await withCustomer();
    Object.assign(stage.channel.abilities, { media: null });

    expect((await olga.attach(id, fileForm(photo, "a.jpg"))).body.code).toBe("no_files_here");
    expect((await olga.get(`/conversations/${id}`)).body.conversation.attach).toBeNull();
  });

  it("that is not a form is refused in words", async () => {
    const { id, olga } = await withCustomer();
    const { status, body } = await olga.post(`/conversations/${id}/media`, { clientId: newClientId() });

    expect([status, body.code]).toEqual([415, "unsupported_media_type"]);
  });

  it("that the store cannot take is not sent, and the operator hears of it", async () => {
    const store = { ...createFileStore(temporaryFolder()), put: async () => Promise.reject(new Error("full")) };
    const { stage, id, olga } = await withCustomer(store);
    const before = (await stage.messages()).length;
    const { status, body } = await olga.attach(id, fileForm(photo, "a.jpg"));

    expect([status, body.code]).toEqual([503, "file_not_stored"]);
    expect(await stage.messages()).toHaveLength(before);
  });
});

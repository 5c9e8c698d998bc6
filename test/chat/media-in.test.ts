import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mediaUpkeep, type FetchOutcome, type InboundContent } from "#chat";
import { days, hours, minutes, newId, seconds } from "#kit";
import { createFileStore } from "../../src/media/store-files.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { temporaryFolder } from "../support/folder.ts";
import { photo, receipt, voice } from "../support/samples.ts";
import { createStage, wipe, type Stage } from "./stage.ts";

const picture = (fileId: string, caption = ""): InboundContent => ({
  kind: "media",
  media: "image",
  fileId,
  mimeType: "image/jpeg",
  caption,
});

/** The files of the only conversation, as an operator sees them. */
async function seen(stage: Stage) {
  const [conversation] = await stage.conversations();
  const boss = await stage.operator("Ольга", { role: "supervisor" });
  const { body } = await stage.as(boss).get(`/conversations/${conversation!.id}`);
  const messages = body.messages as { author: string; text: string; file: any }[];
  return {
    id: conversation!.id,
    boss: stage.as(boss),
    messages: messages.filter(({ author }) => author === "customer"),
  };
}

describe("a customer's file", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase({ connections: 20 })));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  const open = (more: Partial<Parameters<typeof createStage>[0]> = {}) => createStage({ db, ...more });

  it("is fetched after its message was saved, and can be opened by operators", async () => {
    const stage = await open();
    stage.channel.files.set("f1", photo);
    await stage.deliver(wrote("7001", picture("f1", "сломан ящик")));
    await stage.pump("inbox").work();
    const early = await seen(stage);
    expect(early.messages).toMatchObject([
      { text: "Фото: сломан ящик", file: { at: "wanted", kind: "image", caption: "сломан ящик", nextTryAt: null } },
    ]);
    await stage.settle();

    const { messages, boss } = await seen(stage);
    const { file } = messages[0]!;
    expect(file).toMatchObject({ at: "stored", type: "image/jpeg", size: photo.length, showable: true, because: null });
    const answer = await boss.file(file.id);
    expect(answer.rawPayload).toEqual(photo);
    expect(answer.headers).toMatchObject({
      "content-type": "image/jpeg",
      "content-disposition": expect.stringMatching(/^inline; filename="image.jpg"/),
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "private, no-cache",
    });
    expect(await stage.events("media.stored")).toMatchObject([
      { data: { mediaId: file.id, size: photo.length, type: "image/jpeg" } },
    ]);
  });

  it("is given in parts, and not again to whoever has it", async () => {
    const stage = await open();
    stage.channel.files.set("f1", voice);
    await stage.deliver(wrote("7001", { ...picture("f1"), media: "voice" } as InboundContent));
    await stage.settle();
    const { messages, boss } = await seen(stage);
    const { id } = messages[0]!.file;

    const part = await boss.file(id, { range: "bytes=10-19" });
    expect([part.statusCode, part.rawPayload, part.headers["content-range"]]).toEqual([
      206,
      voice.subarray(10, 20),
      `bytes 10-19/${voice.length}`,
    ]);
    expect(part.headers["content-type"]).toBe("audio/ogg; codecs=opus");
    const beyond = await boss.file(id, { range: `bytes=${voice.length}-` });
    expect([beyond.statusCode, beyond.json().code]).toEqual([416, "range_impossible"]);
    const again = await boss.file(id, { "if-none-match": String(part.headers["etag"]) });
    expect([again.statusCode, again.payload]).toEqual([304, ""]);
  });

  it.each([
    ["a drawing with a script", "photo.png", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"],
    ["a page", "photo.jpg", "<!doctype html><script>alert(1)</script>"],
    ["a PDF", "чек.pdf", receipt],
  ])("that could act in a browser only leaves as a download: %s", async (_what, fileName, content) => {
    const stage = await open();
    stage.channel.files.set("f1", Buffer.from(content));
    await stage.deliver(wrote("7001", { ...picture("f1"), fileName } as InboundContent));
    await stage.settle();
    const { messages, boss } = await seen(stage);
    expect(messages[0]!.file).toMatchObject({ at: "stored", showable: false, fileName });

    const { headers } = await boss.file(messages[0]!.file.id);
    expect(headers["content-type"]).toBe("application/octet-stream");
    expect(headers["content-disposition"]).toContain("attachment; ");
    expect(headers["content-disposition"]).toContain(`filename*=UTF-8''${encodeURIComponent(fileName)}`);
  });

  it("that is gone leaves a placeholder with the reason, and comes when an operator asks again and it is there", async () => {
    const stage = await open();
    await stage.deliver(wrote("7001", picture("f1", "посмотрите")));
    await stage.settle();
    const { messages, boss, id } = await seen(stage);
    const { file } = messages[0]!;
    expect([messages[0]!.text, file.at, file.because]).toEqual(["Фото: посмотрите", "failed", "gone"]);
    const missing = await boss.file(file.id);
    expect([missing.statusCode, missing.json().code, missing.headers["content-disposition"]]).toEqual([
      404,
      "file_not_found",
      undefined,
    ]);

    stage.channel.files.set("f1", photo);
    expect((await boss.post(`/conversations/${id}/media/${file.id}/fetch`)).status).toBe(204);
    await stage.settle();
    expect((await seen(stage)).messages[0]!.file).toMatchObject({ at: "stored" });
    expect((await boss.post(`/conversations/${id}/media/${file.id}/fetch`)).body.code).toBe("nothing_to_fetch");
    expect((await boss.post(`/conversations/${newId()}/media/${file.id}/fetch`)).body.code).toBe("file_not_found");
    expect((await boss.post(`/conversations/${id}/media/${newId()}/fetch`)).status).toBe(404);
  });

  it("is tried again later while the provider has no time, and the thread says when", async () => {
    const stage = await open();
    stage.channel.files.set("f1", photo);
    stage.channel.planFetch({ kind: "busy", retryAfterMs: 1000 }, { kind: "unclear", words: "ECONNRESET" });
    await stage.deliver(wrote("7001", picture("f1")));
    await stage.settle();
    const { file } = (await seen(stage)).messages[0]!;
    expect(file).toMatchObject({ at: "wanted", nextTryAt: new Date(stage.clock.now() + seconds(5)).toISOString() });
    await stage.pass(minutes(1));

    expect((await seen(stage)).messages[0]!.file.at).toBe("stored");
    expect(stage.channel.fetched).toEqual(["f1", "f1", "f1"]);
    expect(await stage.events("media.delayed")).toMatchObject([
      { data: { because: "unreachable", tries: 1 } },
      { data: { because: "unreachable", tries: 2 } },
    ]);
  });

  it("whose content is not what was announced is fetched again and never kept", async () => {
    const stage = await open();
    stage.channel.files.set("f1", photo);
    stage.channel.planFetch(fileWith(receipt, "00".repeat(32)));
    await stage.deliver(wrote("7001", picture("f1")));
    await stage.settle();
    expect(await stage.events("media.delayed")).toMatchObject([{ data: { because: "damaged" } }]);
    await stage.pass(seconds(5));

    expect((await seen(stage)).messages[0]!.file).toMatchObject({ at: "stored", type: "image/jpeg" });
    expect(await db.query("select size from media_file")).toEqual([{ size: photo.length }]);
  });

  it("that is larger than allowed is given up with that reason, announced or not", async () => {
    const stage = await open();
    stage.channel.planFetch({ kind: "too-large" }, fileWith(Buffer.alloc(10 * 1024 * 1024 + 1), null));
    await stage.deliver(wrote("7001", picture("f1")), wrote("7001", picture("f2")));
    await stage.settle();

    const { messages } = await seen(stage);
    expect(messages.map(({ file }) => [file.at, file.because])).toEqual([
      ["failed", "too-large"],
      ["failed", "too-large"],
    ]);
  });

  it("waits when the store cannot take it; the message is there all the time", async () => {
    const folder = temporaryFolder();
    const real = createFileStore(folder);
    let down = true;
    const store = { ...real, put: async (file: never) => (down ? Promise.reject(new Error("full")) : real.put(file)) };
    const stage = await open({ store });
    stage.channel.files.set("f1", photo);
    await stage.deliver(wrote("7001", picture("f1", "текст важнее")));
    await stage.settle();
    expect((await seen(stage)).messages).toMatchObject([{ text: "Фото: текст важнее", file: { at: "wanted" } }]);
    down = false;
    await stage.pass(seconds(5));

    expect((await seen(stage)).messages[0]!.file.at).toBe("stored");
  });

  it("of a channel that carries none says so", async () => {
    const stage = await open();
    Object.assign(stage.channel, { media: undefined });
    await stage.deliver(wrote("7001", picture("f1")));
    await stage.settle();

    expect((await seen(stage)).messages[0]!.file).toMatchObject({ at: "failed", because: "not-connected" });
  });

  it("that a killed process was fetching is fetched by another one", async () => {
    const dead = await open();
    dead.channel.files.set("f1", photo);
    dead.channel.media!.fetch = () => new Promise<FetchOutcome>(() => {});
    await dead.deliver(wrote("7001", picture("f1")));
    await dead.pump("settling").work();
    await dead.pump("inbox").work();
    await dead.pump("media").work();

    const stage = await open({ clock: dead.clock });
    stage.channel.files.set("f1", photo);
    await stage.settle();
    expect((await seen(stage)).messages[0]!.file.at).toBe("fetching");
    await stage.pass(seconds(12));
    expect((await seen(stage)).messages[0]!.file.at).toBe("wanted");
    await stage.pass(seconds(5));

    expect((await seen(stage)).messages[0]!.file.at).toBe("stored");
  });

  it("goes when the customer takes the message back, for good an hour later", async () => {
    const folder = temporaryFolder();
    const store = createFileStore(folder);
    const stage = await open({ store });
    stage.channel.files.set("f1", photo);
    await stage.deliver(wrote("7001", picture("f1"), { providerId: "m1" }));
    await stage.settle();
    const before = await seen(stage);
    const [{ sha256 }] = (await db.query<{ sha256: string }>("select sha256 from media_file")) as [{ sha256: string }];
    await stage.deliver({ ...event("m1"), kind: "deleted" });
    await stage.settle();

    const { messages, boss } = await seen(stage);
    expect(messages).toMatchObject([{ text: "Сообщение удалено", file: null }]);
    expect(await stage.events("media.withdrawn")).toHaveLength(1);
    expect((await boss.file(before.messages[0]!.file.id)).statusCode).toBe(404);
    await upkeep(stage, store);
    expect(await isKept(store, sha256)).toBe(true);
    await stage.pass(hours(1) + 1);
    await upkeep(stage, store);
    expect(await isKept(store, sha256)).toBe(false);
    expect(await db.query("select * from media_file")).toEqual([]);
  });

  it("is replaced when the customer puts another one in its place", async () => {
    const stage = await open();
    stage.channel.files.set("f1", photo).set("f2", receipt);
    await stage.deliver(wrote("7001", picture("f1", "один"), { providerId: "m1" }));
    await stage.settle();
    await stage.deliver({ ...event("m1"), kind: "edited", content: picture("f2", "другой") });
    await stage.settle();

    expect((await seen(stage)).messages).toMatchObject([
      { text: "Фото: другой", file: { at: "stored", type: "application/pdf", caption: "другой" } },
    ]);
  });

  it("is kept once however many messages carry it, and deleted when the last of them is too old", async () => {
    const store = createFileStore(temporaryFolder());
    const stage = await open({ store });
    stage.channel.files.set("f1", photo).set("f2", photo);
    await stage.deliver(wrote("7001", picture("f1", "раз")));
    await stage.settle();
    await stage.pass(days(2));
    await stage.deliver(wrote("7001", picture("f2", "два")));
    await stage.settle();
    expect(await db.query("select count(*)::int as n from media_file")).toEqual([{ n: 1 }]);
    const sha256 = (await db.query<{ sha256: string }>("select sha256 from media_file"))[0]!.sha256;

    await stage.pass(days(89));
    await upkeep(stage, store);
    const states = async () =>
      (await db.query<{ at: string }>("select at from media order by created_at")).map(({ at }) => at);
    expect(await states()).toEqual(["expired", "stored"]);
    expect(await isKept(store, sha256)).toBe(true);
    await stage.pass(days(2));
    await upkeep(stage, store);
    expect(await states()).toEqual(["expired", "expired"]);
    expect(await isKept(store, sha256)).toBe(false);
    const texts = (await stage.messages()).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["Фото: раз", "Фото: два"]));
  });

  it("is kept for ever when the setting says so", async () => {
    const store = createFileStore(temporaryFolder());
    const stage = await open({ store });
    stage.channel.files.set("f1", photo);
    await stage.deliver(wrote("7001", picture("f1")));
    await stage.settle();
    await stage.pass(days(4000));
    await upkeep(stage, store, 0);

    expect(await db.query("select at from media")).toEqual([{ at: "stored" }]);
  });

  const upkeep = (stage: Stage, store: ReturnType<typeof createFileStore>, keepDays = 90) =>
    mediaUpkeep(db, { clock: stage.clock, store, keepDays }).run({});
});

async function isKept(store: ReturnType<typeof createFileStore>, sha256: string): Promise<boolean> {
  const body = await store.open(sha256);
  body?.destroy();
  return body !== null;
}

let corrections = 0;
const event = (providerId: string) => {
  const { account, lane, at } = wrote("7001", "");
  return { account, lane, at, dedupe: `correction-${++corrections}`, providerId };
};

const fileWith = (bytes: Buffer, sha256: string | null): FetchOutcome => ({
  kind: "file",
  body: Readable.from([bytes]),
  sha256,
});

import { createHash } from "node:crypto";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { readSettings } from "#config";
import { mediaSettings, openMediaStore, type MediaStore } from "#media";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startS3, type S3 } from "../support/s3.ts";

const opened = (env: Record<string, string>, dataDir: string, tenant = "main") =>
  openMediaStore(readSettings(env, { media: mediaSettings }).media, { dataDir, tenant });

function fileOf(bytes: Buffer) {
  const path = join(temporaryFolder(), "came");
  writeFileSync(path, bytes);
  return { path, size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

const read = async (store: MediaStore, sha256: string, part?: { from: number; to: number }) => {
  const body = await store.open(sha256, part);
  return body && (await buffer(body));
};

let s3: S3;
beforeAll(async () => void (s3 = await startS3()));
afterAll(() => s3.close());

const envOf = ({ url, bucket, accessKeyId, secretAccessKey }: S3) => ({
  MEDIA_S3_BUCKET: bucket,
  MEDIA_S3_ENDPOINT: url,
  MEDIA_S3_ACCESS_KEY_ID: accessKeyId,
  MEDIA_S3_SECRET_ACCESS_KEY: secretAccessKey,
});

describe.each([
  ["files", async () => opened({}, temporaryFolder())],
  ["s3", async () => opened(envOf(s3), temporaryFolder())],
])("a store of files: %s", (name, openOne) => {
  let store: MediaStore;
  beforeAll(async () => void (store = await openOne()));
  afterAll(() => store.close());

  it("gives back what it was given, whole and in parts", async () => {
    const bytes = Buffer.from("0123456789");
    const file = fileOf(bytes);
    await store.put(file);

    expect(store.name).toBe(name);
    expect(await read(store, file.sha256)).toEqual(bytes);
    expect(await read(store, file.sha256, { from: 2, to: 4 })).toEqual(Buffer.from("234"));
  });

  it("keeps the same content once, however often it comes", async () => {
    const bytes = Buffer.from("twice");
    const [first, second] = [fileOf(bytes), fileOf(bytes)];
    await store.put(first);
    await store.put(second);

    expect(await read(store, first.sha256)).toEqual(bytes);
  });

  it("says that it has nothing under a name it does not know", async () => {
    expect(await store.open("0".repeat(64))).toBeNull();
  });

  it("forgets what it is told to, also twice", async () => {
    const file = fileOf(Buffer.from("away"));
    await store.put(file);
    await store.remove(file.sha256);
    await store.remove(file.sha256);

    expect(await store.open(file.sha256)).toBeNull();
  });

  it("says that it works", async () => {
    expect(await store.check()).toEqual({ ok: true });
  });
});

describe("the store in a folder", () => {
  it("keeps files where only we may look, under nothing but their hash, and leaves no halves behind", async () => {
    const folder = temporaryFolder();
    const store = await opened({}, folder, "../other");
    const file = fileOf(Buffer.from("mine"));
    await store.put(file);

    const kept = join(folder, "media", "..%2Fother");
    expect(readdirSync(join(kept, file.sha256.slice(0, 2)))).toEqual([file.sha256]);
    expect(statSync(kept).mode & 0o077).toBe(0);
  });

  it("says in a sentence why it cannot keep anything", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "media"), "in the way");
    const store = await opened({}, folder);

    expect(await store.check()).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/^Files cannot be kept in /),
    });
  });
});

describe("the store at an S3-compatible service", () => {
  it("signs every request, and names objects by tenant and hash under the prefix", async () => {
    const store = await opened({ ...envOf(s3), MEDIA_S3_PREFIX: "shop/" }, temporaryFolder(), "two");
    const file = fileOf(Buffer.from("signed"));
    s3.asked.length = 0;
    s3.refused.length = 0;
    await store.put(file);
    await read(store, file.sha256);
    await store.remove(file.sha256);
    store.close();

    const object = `shop/two/${file.sha256.slice(0, 2)}/${file.sha256}`;
    expect(s3.asked).toEqual([`PUT ${object}`, `GET ${object}`, `DELETE ${object}`]);
    expect(s3.refused).toEqual([]);
  });

  it.each([
    ["the secret is wrong", { MEDIA_S3_SECRET_ACCESS_KEY: "wrong" }, /refuses the access key/],
    ["the bucket does not exist", { MEDIA_S3_BUCKET: "nowhere" }, /There is no bucket nowhere/],
    ["nobody listens", { MEDIA_S3_ENDPOINT: "http://127.0.0.1:1" }, /does not answer/],
  ])("says in a sentence that %s", async (_what, wrong, sentence) => {
    const store = await opened({ ...envOf(s3), ...wrong }, temporaryFolder());
    const health = await store.check();
    store.close();

    expect(health).toMatchObject({ ok: false, sentence: expect.stringMatching(sentence) });
  });

  it("rejects when the service is down, so that the file is fetched again", async () => {
    const store = await opened(envOf(s3), temporaryFolder());
    s3.down = 503;
    await expect(store.put(fileOf(Buffer.from("later")))).rejects.toThrow();
    s3.down = null;
    store.close();
  });

  it("is refused by half", () => {
    expect(() => readSettings({ MEDIA_S3_BUCKET: "files" }, { media: mediaSettings })).toThrow(
      /MEDIA_S3_ACCESS_KEY_ID is missing/,
    );
  });
});

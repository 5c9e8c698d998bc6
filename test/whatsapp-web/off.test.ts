import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const PROGRAM = fileURLToPath(new URL("loaded.ts", import.meta.url));
const NOT_INSTALLED = new URL("not-installed.mjs", import.meta.url).href;

let db: FreshDatabase;
beforeEach(async () => {
  db = await freshDatabase();
});
afterEach(() => db.drop());

/** What a start with these settings loads. */
async function start(settings: Record<string, string> = {}, waitFor = "", options: string[] = []) {
  const { PATH = "" } = process.env;
  const env = { PATH, DATABASE_URL: db.url, PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", ...settings };
  const { stdout } = await promisify(execFile)(process.execPath, [...options, PROGRAM, waitFor], { env });
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as { library: boolean; threads: number; packages: boolean };
}

const wishToLink = () =>
  db.query(
    `insert into whatsapp_web_line (tenant, account, line, wish, updated_at)
     values ('main', '79990000001', '{"at":"unpaired"}', '{"kind":"pair","how":"qr"}', now())`,
  );

const configured = {
  WHATSAPP_WEB_NUMBER: "+79990000001",
  WHATSAPP_WEB_URL: "ws://127.0.0.1:9/ws/chat",
  SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
};

describe("the package of WhatsApp Web", () => {
  it("is not loaded by a product that does not use it, nor is a thread started", async () => {
    expect(await start()).toEqual({ library: false, threads: 0, packages: true });
  });

  it("is not loaded before the account is linked", async () => {
    expect(await start(configured)).toEqual({ library: false, threads: 0, packages: true });
  });

  it("that is not installed stops nothing but the line, which says what to do", async () => {
    await wishToLink();
    await start(configured, "until the thread is over", ["--import", NOT_INSTALLED]);
    const [row] = await db.query<{ line: object; words: string }>("select line, words from whatsapp_web_line, alarm");
    expect(row).toMatchObject({ line: { at: "halted", code: 1 }, words: expect.stringContaining("not installed") });
  });

  it("is loaded by a thread of its own once somebody wants to link it, never by the main thread", async () => {
    await wishToLink();
    expect(await start(configured, "with a thread")).toEqual({ library: false, threads: 1, packages: true });
  });
});

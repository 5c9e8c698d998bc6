import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { startOwnPostgres } from "#db";
import { printed, isHealthy } from "#doctor";
import { instant, newId, systemClock, type Clock } from "#kit";
import { createTelegram } from "../../sim/telegram/index.ts";
import { createSeal } from "../../src/company/seal.ts";
import { examineDetour } from "../../src/examination.ts";
import { demo } from "../support/demo-env.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { freePort } from "../support/free-port.ts";
import { newFolder } from "../start/program.ts";
import { BOT } from "../telegram/stand.ts";
import { startCollector } from "../watch/collector.ts";
import { openWard, portOf, serve, TRUSTED, type Ward } from "./ward.ts";

const COMMAND = fileURLToPath(new URL("../../scripts/doctor.ts", import.meta.url));

type Env = Record<string, string>;

/** `npm run doctor` in a folder of its own. */
async function doctor(env: Env, folder: string): Promise<{ code: number | null; words: string }> {
  const child = spawn(process.execPath, [COMMAND], { cwd: folder, env: { PATH: process.env["PATH"]!, ...env } });
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, words };
}

describe("the doctor", () => {
  let db: FreshDatabase;
  let ward: Ward;
  const folders: string[] = [];
  const folder = () => {
    const path = newFolder();
    folders.push(path);
    return path;
  };

  beforeAll(async () => void (db = await freshDatabase()));
  beforeEach(async () => {
    ward = await openWard(db.url);
    return () => ward.close();
  });
  afterAll(async () => {
    await db.drop();
    for (const path of folders) rmSync(path, { recursive: true, force: true });
  });

  /** What is wrong or deserves a look with these settings instead of the right ones, as people read it. */
  async function complaints(changed: Env, clock?: Clock): Promise<string[]> {
    const env = Object.fromEntries(Object.entries({ ...ward.env, ...changed }).filter(([, value]) => value !== ""));
    const report = await examineDetour(env, clock);
    return printed(report, "en")
      .split("\n")
      .filter((line) => /^ {2}[!✗]/.test(line))
      .map((line) => line.trim().replace(/ {2,}/, " "))
      .filter((line) => !isAboutTheTestItself(line));
  }
  /** Nobody here trusts the test's certificate; the command below is told to. */
  const isAboutTheTestItself = (line: string) =>
    line.includes("DEPTH_ZERO_SELF_SIGNED_CERT") || line.includes("of this network know");

  it("finds all well, from .env as npm start reads it, and gives the addresses to paste", async () => {
    const home = folder();
    writeFileSync(
      join(home, ".env"),
      Object.entries(ward.env)
        .map((pair) => `${pair.join("=")}\n`)
        .join(""),
    );

    const { code, words } = await doctor({ NODE_EXTRA_CA_CERTS: TRUSTED, LANG: "en_GB.UTF-8" }, home);

    expect(code, words).toBe(0);
    expect(words).toMatch(/✓ Database +PostgreSQL 18/);
    expect(words).toMatch(
      /✓ Clock +This machine's clock agrees with the database, 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+\./,
    );
    expect(words).toMatch(/! Public address +https:\/\/localhost:\d+ leads here, but only machines of this network/);
    expect(words).toMatch(/✓ Telephone twilio +Works\./);
    expect(words).toMatch(/✓ Connection whatsapp-cloud 106540352242922 +Works\./);
    expect(words).toMatch(/✓ CRM demo +Works\./);
    expect(words).toContain(`${ward.env["PUBLIC_URL"]}/voice/twilio/incoming#ct=1500&rt=3000&rc=2&rp=ct,rt,5xx`);
    expect(words).toContain(`${ward.env["PUBLIC_URL"]}/channels/whatsapp-cloud/webhook`);
    expect(words).toMatch(/1 deserves a look\.\n$/);
    for (const secret of [demo.authToken, demo.accessToken, demo.appSecret, demo.crmToken])
      expect(words).not.toContain(secret);
  });

  it("speaks Russian where LANG says so, and fails when something is wrong", async () => {
    ward.twilio.number.voiceUrl = "";

    const { code, words } = await doctor(
      { ...ward.env, NODE_EXTRA_CA_CERTS: TRUSTED, LANG: "ru_RU.UTF-8", WHATSAPP_ACCESS_TOKEN: "expired" },
      folder(),
    );

    expect(code).toBe(1);
    expect(words).toMatch(/✓ База данных +PostgreSQL 18.*подтверждённое не теряется/);
    expect(words).toMatch(/✗ Телефония twilio +Номер не направляет звонки сюда\. Вставьте адрес/);
    expect(words).toMatch(/✗ Подключение whatsapp-cloud 106540352242922 +WhatsApp answered error 190/);
    expect(words).toMatch(/Неисправно: 2, стоит проверить: 1\.\n$/);
  });

  it("says which setting is wrong and ends", async () => {
    expect(await doctor({ PORT: "eighty" }, folder())).toEqual({
      code: 1,
      words: "✗ PORT must be a whole number. Change PORT in .env or in the environment and start again.\n",
    });
  });

  it.each<[string, Env, RegExp]>([
    [
      "a wrong token",
      { TWILIO_AUTH_TOKEN: "wrong" },
      /^✗ Telephone twilio Twilio does not accept the account\. Copy TWILIO_/,
    ],
    ["a number of somebody else", { TWILIO_NUMBER: "+74950000199" }, /^✗ Telephone twilio TWILIO_NUMBER is not among/],
    [
      "a dead address",
      { TWILIO_BASE_URL: "http://127.0.0.1:9" },
      /^✗ Telephone twilio Twilio does not answer at http:\/\/127\.0\.0\.1:9/,
    ],
    [
      "an expired token",
      { WHATSAPP_ACCESS_TOKEN: "old" },
      /^✗ Connection whatsapp-cloud \d+ WhatsApp answered error 190: .*Check/,
    ],
    [
      "a dead messenger",
      { WHATSAPP_BASE_URL: "http://127.0.0.1:9" },
      /^✗ Connection whatsapp-cloud \d+ WhatsApp did not answer/,
    ],
    [
      "a CRM's wrong token",
      { DEMO_CRM_TOKEN: "wrong" },
      /^✗ CRM demo The CRM does not answer as it should\. Check DEMO_CRM_URL/,
    ],
    ["a dead CRM", { DEMO_CRM_URL: "http://127.0.0.1:9" }, /^✗ CRM demo The CRM does not answer/],
    [
      "a dead collector",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" },
      /^✗ Traces No collector takes traces at http:\/\/127\.0\.0\.1:9\/v1\/traces \(ECONNREFUSED\)/,
    ],
    [
      "an address nobody can call",
      { PUBLIC_URL: "http://localhost:3000" },
      /^✗ Public address PUBLIC_URL is http:\/\/localhost:3000, where no provider/,
    ],
    [
      "a name that is not in the DNS",
      { PUBLIC_URL: "https://no-such-host.invalid" },
      /^✗ Public address Nobody knows the name no-such-host\.invalid\. Enter it/,
    ],
    [
      "an address nobody answers at",
      { PUBLIC_URL: "https://localhost:9" },
      /^✗ Public address Nobody answers at https:\/\/localhost:9 \(ECONNREFUSED\)/,
    ],
    [
      "a dead database",
      { DATABASE_URL: "postgres://detour:hush@127.0.0.1:9/detour" },
      /^✗ Database DATABASE_URL: no PostgreSQL answers at 127\.0\.0\.1:9/,
    ],
  ])("names %s and the cure, and nothing else", async (_what, changed, sentence) => {
    const found = await complaints(changed);
    // Another public address is not where the number sends its calls.
    const own = "PUBLIC_URL" in changed ? found.filter((line) => line.includes("Public address")) : found;

    expect(own).toEqual([expect.stringMatching(sentence)]);
    expect(own.join()).not.toContain("hush");
  });

  it("sees where the number sends its calls", async () => {
    ward.twilio.number.voiceUrl = "https://elsewhere.example/incoming";
    ward.twilio.number.statusCallback = "";
    ward.twilio.number.fallbackUrl = "";

    expect(await complaints({})).toEqual([
      expect.stringMatching(/^✗ .*sends its calls to another address/),
      expect.stringMatching(/^! .*does not tell how its calls end/),
      expect.stringMatching(/^! .*No fallback is installed/),
    ]);
  });

  it.each<[string, number, string, RegExp]>([
    ["a proxy without anybody behind it", 502, "Bad Gateway", /A proxy answers at \S+ with 502.*Point it at port \d+/],
    ["another program", 200, "<h1>It works!</h1>", /Something else than Detour answers at \S+ \(HTTP 200\)/],
  ])("sees %s at the public address", async (_what, status, body, sentence) => {
    const other = await serve((_request, response) => void response.writeHead(status).end(body), "localhost");
    const home = folder();
    const env = {
      ...ward.env,
      PUBLIC_URL: `https://localhost:${portOf(other)}`,
      NODE_EXTRA_CA_CERTS: TRUSTED,
      LANG: "C",
    };

    const { code, words } = await doctor(env, home);
    other.close();

    expect([code, words]).toEqual([1, expect.stringMatching(sentence)]);
  });

  it("sees a certificate that has run out, and one nobody vouches for", async () => {
    const expired = await serve((_request, response) => void response.end(), "expired");
    const own = await serve((_request, response) => void response.end(), "localhost");
    const say = async (server: typeof own) => {
      const report = await examineDetour({ ...ward.env, PUBLIC_URL: `https://localhost:${portOf(server)}` });
      return printed(report, "en")
        .split("\n")
        .find((line) => line.includes("Public address"));
    };

    const sentences = [await say(expired), await say(own)];
    expired.close();
    own.close();

    expect(sentences).toEqual([
      expect.stringMatching(/✗.*would be refused by providers \((CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT)\)/),
      expect.stringMatching(/✗.*would be refused by providers \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    ]);
  });

  it("sees that the port belongs to a stranger", async () => {
    const stranger = createServer((_request, response) => void response.end("hello"));
    const port = await freePort();
    await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));

    const found = await complaints({ PORT: String(port) });
    stranger.close();

    expect(found).toEqual([`✗ Port PORT ${port} is taken by another program. Stop it or set PORT to a free one.`]);
  });

  it("compares clocks", async () => {
    const ahead: Clock = { ...systemClock, now: () => instant(Date.now() + 90_000) };

    expect(await complaints({}, ahead)).toEqual([
      expect.stringMatching(
        /^✗ Clock This machine's clock is 90\.\d s ahead of the database\. Turn on time synchronisation/,
      ),
      expect.stringMatching(/^✗ Clock .* ahead of 127\.0\.0\.1:\d+\./),
      expect.stringMatching(/^✗ Clock .* ahead of 127\.0\.0\.1:\d+\./),
    ]);
  });

  it("tries the connections kept in the database, and says which cannot be opened", async () => {
    await db.query(CONNECTION, [newId(), JSON.stringify({ accessToken: "1.aaaaaaaa.b.c.d" })]);

    const found = await complaints({});
    await db.query("delete from connection");

    expect(found).toEqual([
      expect.stringMatching(/^✗ Connection whatsapp-cloud 777 .*secrets cannot be opened\. Set SECRETS_KEY/),
    ]);
  });

  it("tries every kind of messenger, and introduces no bot and seals nothing anew", async () => {
    const telegram = createTelegram({ clock: systemClock, bots: [BOT], seed: 7 });
    const called: string[] = [];
    telegram.onCall((method) => void called.push(method));
    const [fresh, old] = [randomBytes(32), randomBytes(32)];
    const sealed = createSeal(old).close(demo.accessToken, ["main", "whatsapp-cloud", "777", "accessToken"]);
    await db.query(CONNECTION, [newId(), JSON.stringify({ accessToken: sealed })]);
    await db.query(WEB_CONNECTION, [newId()]);
    const before = await db.query("select * from connection order by kind");

    const found = await complaints({
      TELEGRAM_BOT_TOKEN: BOT.token,
      TELEGRAM_BASE_URL: await telegram.listen(),
      SMS_NUMBER: "+74950000199",
      SECRETS_KEY: fresh.toString("base64"),
      SECRETS_KEY_OLD: old.toString("base64"),
    });
    const after = await db.query("select * from connection order by kind");
    await db.query("delete from connection");
    await telegram.close();

    expect(found.filter((line) => !line.includes("whatsapp-cloud"))).toEqual([
      expect.stringMatching(/^✗ Connection telegram 777000 Telegram does not send updates to /),
      expect.stringMatching(/^✗ Connection sms \+74950000199 This number is not among the numbers of the Twilio/),
      expect.stringMatching(/^✗ Connection whatsapp-web 79990000001 The account is not linked yet/),
    ]);
    expect(after).toEqual(before);
    expect(called).toEqual(["getMe", "getWebhookInfo"]);
  });

  it("sees an empty database that has to be migrated, and tries the connections of .env all the same", async () => {
    const name = `empty_${process.pid}`;
    await db.query(`create database ${name}`);

    const found = await complaints({
      DATABASE_URL: Object.assign(new URL(inject("postgresUrl")), { pathname: `/${name}` }).href,
      WHATSAPP_ACCESS_TOKEN: "old",
    });
    await db.query(`drop database ${name}`);

    expect(found).toEqual([
      expect.stringMatching(/^! Database \d+ migrations? (is|are) missing\. The next start applies/),
      expect.stringMatching(/^✗ Connection whatsapp-cloud/),
    ]);
  });

  it("visits Detour's own PostgreSQL where it lies, makes none, and leaves it as it was", async () => {
    const home = folder();
    const none = await complaints({ DATABASE_URL: "", DATA_DIR: join(home, "data") });
    const own = await startOwnPostgres(join(home, "data"));
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    await client.query("alter system set fsync = off");
    await client.query("select pg_reload_conf()");
    const running = await complaints({ DATABASE_URL: "", DATA_DIR: join(home, "data") });
    await client.query("select 1");
    await client.end();
    await own.stop();
    const stopped = await complaints({ DATABASE_URL: "", DATA_DIR: join(home, "data") });

    const unsafe = expect.stringMatching(/^✗ Database PostgreSQL runs with fsync = off and may lose.*postgresql\.conf/);
    expect(none).toEqual([]);
    expect(running).toEqual([unsafe, expect.stringMatching(/missing/)]);
    expect(stopped).toEqual([unsafe, expect.stringMatching(/missing/)]);
    expect(await refusedConnection(join(home, "data"))).toBe(true);
  });

  it("gives a collector an empty batch", async () => {
    const collector = await startCollector();

    const found = await complaints({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    collector.close();

    expect([found, collector.spans, collector.bodies.length]).toEqual([[], [], 1]);
  });

  it("is healthy with nothing connected, and says what to do", async () => {
    const report = await examineDetour({ DATABASE_URL: db.url });

    expect(isHealthy(report)).toBe(true);
    expect(printed(report, "en")).toMatch(/! Connection +No provider is connected: npm start shows everything/);
  });
});

/** Nobody listens on the socket any more. */
async function refusedConnection(dataDir: string): Promise<boolean> {
  const client = new pg.Client({ host: join(dataDir, "sockets"), user: "detour", database: "postgres" });
  client.on("error", () => {});
  return client.connect().then(
    () => client.end().then(() => false),
    () => true,
  );
}

const WEB_CONNECTION = `
  insert into connection (tenant, id, kind, account, brand, name, enabled, settings, secrets, updated_at)
  values ('main', $1, 'whatsapp-web', '79990000001', null, 'Linked', true, '{"number": "79990000001"}', '{}', now())`;

const CONNECTION = `
  insert into connection (tenant, id, kind, account, brand, name, enabled, settings, secrets, updated_at)
  values ('main', $1, 'whatsapp-cloud', '777', null, 'Second', true, '{}', $2, now())`;

import fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { createWhatsAppWeb, whatsAppWebSettings, type WhatsAppWebAccount } from "#chat/whatsapp-web";
import type { ChannelEvent } from "#chat";
import { readSettings } from "#config";
import { createWakes } from "#db";
import { createSettableClock, instant, later, millis, type MessageId, type PhoneNumber, newId } from "#kit";
import { createWhatsAppWeb as createServer } from "../../sim/whatsapp-web/index.ts";
import { endAll, listAlarms, raise } from "../../src/chat/alarm-store.ts";
import { whatsAppWebAccount } from "../../src/chat/channels/whatsapp-web/account.ts";
import { readLine } from "../../src/chat/channels/whatsapp-web/line-store.ts";
import { createSeal } from "../../src/company/seal.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";

export const ACCOUNT = "79990000001";
export const CANARY = "79990000002";
export const CALLER = "+79161234567" as PhoneNumber;
export const STRANGER = "+79160000000" as PhoneNumber;
const CONNECTION = "connection-1";

const START = instant(Date.UTC(2026, 10, 20, 9));
const KEY = Buffer.alloc(32, 7);

type Server = ReturnType<typeof createServer>;

/** The server of WhatsApp Web and whoever has a telephone, for one or several of our processes. */
export async function openServer() {
  const clock = createSettableClock(START);
  const server = createServer({ clock });
  await server.listen();
  server.register(ACCOUNT, { name: "Kubik & Co" });
  server.register(CANARY);
  server.register(CALLER.slice(1), { name: "Anna" });
  server.register(STRANGER.slice(1), { registered: false });
  return { clock, server, db: await freshDatabase() };
}

export type Shared = Awaited<ReturnType<typeof openServer>>;

/** One process of ours: WhatsApp Web with the real library, on a clock that stands still. */
export async function openProcess(
  { clock, server, db }: Shared,
  more: Partial<WhatsAppWebAccount> & { key?: Buffer | null; oldKey?: Buffer } = {},
) {
  const { key = KEY, oldKey, ...settings } = more;
  const heard: ChannelEvent[] = [];
  const logged: string[] = [];
  const say = (fields: object, words: string) => void logged.push(`${words} ${JSON.stringify(fields)}`);
  const wakes = await createWakes(db, clock);
  const web = createWhatsAppWeb(
    readSettings({ WHATSAPP_WEB_URL: server.url, WHATSAPP_WEB_ROOT_KEY: server.rootKey }, { web: whatsAppWebSettings })
      .web,
    {
      front: db,
      back: db,
      clock,
      wakes,
      log: { info: say, warn: say, error: say },
      seal: createSeal(key ?? undefined, oldKey),
      alarms: {
        raise: (queries, alarm) => raise(queries, alarm, clock.now()),
        end: (queries, code) => endAll(queries, code, clock.now()),
      },
      async receive(_channel, events) {
        if (process.refuseToStore > 0) {
          process.refuseToStore -= 1;
          throw new Error("The database is away.");
        }
        heard.push(...events);
      },
    },
  );
  const account = whatsAppWebAccount.parse({ number: ACCOUNT, canaries: [CANARY], ...settings });
  const use = (settings: WhatsAppWebAccount | null) =>
    web.connections.use(
      settings
        ? [
            {
              id: CONNECTION,
              kind: "whatsapp-web",
              account: settings.number,
              brand: null,
              name: "Test",
              settings,
              source: "database",
            },
          ]
        : [],
    );

  const api = fastify();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  await api.register(web.routes);
  const call = async (method: "GET" | "POST", path: string, body?: object) => {
    const url = `/whatsapp-web/${CONNECTION}/${path}`;
    const response = await api.inject({ method, url, ...(body ? { payload: body } : {}) });
    return { status: response.statusCode, body: response.json() };
  };
  const state = async () => (await call("GET", "state")).body;
  const line = async () => (await readLine(db, ACCOUNT))?.line ?? null;

  const process = {
    web,
    /** So many times the inbox cannot be written to. */
    refuseToStore: 0,
    account,
    heard,
    logged,
    use,
    get: (path: string) => call("GET", path),
    post: (path: string, body: object = {}) => call("POST", path, body),
    state,
    line,
    /** Lets what falls due at this moment happen. */
    async settle() {
      await web.pump.work();
      await web.idle();
    },
    /** Lets time pass, then lets happen what fell due. */
    async pass(ms: number) {
      clock.moveTo(later(clock.now(), millis(ms)));
      await web.pump.work();
      await web.idle();
    },
    until: (at: string) => eventually(`the line is ${at}`, async () => (await line())?.at === at),
    send: (to: string, text: string, id = newId<MessageId>(clock.now())) =>
      web.channel.send({
        id,
        to: { channel: "whatsapp-web", account: ACCOUNT, id: to },
        content: { kind: "text", text },
      }),
    async close() {
      await api.close();
      await web.channel.close();
      await wakes.close();
    },
  };
  await use(account);
  return process;
}

export type Process = Awaited<ReturnType<typeof openProcess>>;

/** Links the account by its picture, as an administrator and the owner of the telephone do together. */
export async function link(process: Process, server: Server): Promise<void> {
  await process.post("pair", { by: "qr" });
  await eventually("a picture is shown", async () => (await process.state()).shown !== null);
  server.scan(ACCOUNT, (await process.state()).shown.text);
  await process.until("open");
}

/** A server that knows the account's link already; the keys are in the database. */
export async function openLinkedServer(): Promise<Shared> {
  const shared = await openServer();
  const process = await openProcess(shared);
  await link(process, shared.server);
  await process.close();
  return shared;
}

/** As after a quiet night: linked, nothing wrong, nothing asked, nothing said. */
export async function beginAgain({ server, db }: Shared): Promise<void> {
  server.begin();
  await db.query(`update whatsapp_web_line set enabled = true, wish = null, probe = null, line = '{"at":"idle"}'`);
  for (const table of ["alarm", "event", "whatsapp_web_errand"]) await db.query(`delete from ${table}`);
}

export const alarms = async (db: FreshDatabase) => (await listAlarms(db)).map(({ code, words }) => ({ code, words }));

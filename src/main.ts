import { analyticsRoutes } from "#analytics";
import { createBot, seedIntents, storedKnowledge } from "#bot";
import { createChat, inboxUpkeep, mediaUpkeep } from "#chat";
import { createSms } from "#chat/sms";
import { createTelegram } from "#chat/telegram";
import { createWhatsAppCloud } from "#chat/whatsapp-cloud";
import { createWhatsAppWeb } from "#chat/whatsapp-web";
import { createCompany } from "#company";
import { readSettings } from "#config";
import { createDemoCrm, demoCrmFrom } from "#crm/demo";
import { asStartError, createWakes, dbSettings, migrate, openDatabase, startOwnPostgres, type Database } from "#db";
import { addressLines } from "#doctor";
import { createLive, createServer, listen, publicUrl } from "#http";
import { createIvr, seedQueues } from "#ivr";
import { createOutbound, type Outbound } from "#outbound";
import { openJobs, processSettings, runPumps, type Pump, type RunningPumps } from "#jobs";
import { millis, screenLocaleOf, seconds, StartError, systemClock, type Clock, type Millis } from "#kit";
import { openMediaStore, openSpool } from "#media";
import { createRouter } from "#router";
import { createStaff, type Staff } from "#staff";
import { openWatch } from "#watch";
import type { CallHandler } from "#voice";
import { createTwilioVoice, openTwilioAccount, twilioAddresses } from "#voice/twilio";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { FastifyPluginAsync } from "fastify";
import { brandFrom, settingsParts, type Settings } from "./settings.ts";

type Env = Record<string, string | undefined>;

export interface Detour {
  /** Where it listens on this machine. */
  url: string;
  /** Where browsers and providers reach it. */
  publicUrl: string;
  /** The loops, for whoever drives them by hand. */
  pumps: Pump[];
  /** What an administrator pastes into the providers' consoles. */
  addresses: { what: string; url: string }[];
  /** A round trip to every connected provider; a sentence for each that does not work. */
  troubles(): Promise<string[]>;
  /** Resolves when nothing is under way outside of the loops: sends, answers of the bot. */
  idle(): Promise<void>;
  /**
   * Says no to `/readyz` and takes up no more work, answers for `drain` longer, then ends what is under way and closes
   * everything.
   */
  stop(drain?: Millis): Promise<void>;
}

/**
 * Builds the rooms, connects them and listens.
 * With `loops: "by hand"` the pumps are not run: whoever started it drives them (tests with a set clock).
 * Throws `StartError` with one sentence when a setting, the port, a folder or the database is in the way.
 */
export async function startDetour(
  env: Env,
  { clock = systemClock, loops = "running" }: { clock?: Clock; loops?: "running" | "by hand" } = {},
): Promise<Detour> {
  const settings = readSettings(env, settingsParts);
  if (settings.sms.SMS_NUMBER && !settings.twilio.TWILIO_ACCOUNT_SID) throw new StartError(SMS_WITHOUT_TWILIO);
  const { DETOUR_ROLE: role } = settings.process;
  const undo: (() => Promise<unknown>)[] = [];
  let leaving = false;
  let running: RunningPumps | null = null;
  const stop = async (drain = millis(0)) => {
    leaving = true;
    await Promise.all([running?.stop(), passing(clock, drain)]);
    for (const step of undo.splice(0).reverse()) await step();
  };

  try {
    if (role !== "both" && !settings.db.DATABASE_URL) throw new StartError(ALONE);
    const own = settings.db.DATABASE_URL ? null : await startOwnPostgres(settings.db.DATA_DIR);
    if (own) undo.push(() => own.stop());
    const open = (): Database => {
      const { TENANT: tenant, DATABASE_CONNECTIONS: connections } = settings.db;
      const db = openDatabase({
        url: settings.db.DATABASE_URL ?? own!.url,
        tenant,
        connections,
        queryTimeoutMs: QUERY_TIMEOUT_MS,
      });
      undo.push(() => db.close());
      return db;
    };
    const front = open();
    const back = open();
    await migrate(back);
    const wakes = await createWakes(back, clock);
    undo.push(() => wakes.close());

    let working = loops === "by hand";
    const checks = [
      () => (leaving ? "This process is stopping." : null),
      () => (working ? null : "The background loops do not run yet."),
    ];
    const serves = role === "worker" ? "health" : "everything";
    const server = await createServer({
      settings: settings.http,
      front,
      checks,
      clock,
      serves,
      leaving: () => leaving,
    });
    undo.push(() => server.close());
    const { log } = server;
    const origin = publicUrl(settings.http);
    const watch = await openWatch(settings.watch, { publicUrl: origin, clock, log });
    undo.push(() => watch.close());
    watch.watchRequests(server);

    const cron = loops === "running" && role !== "web";
    const jobs = await openJobs(back, { clock, wakes, log, cron });
    undo.push(() => jobs.stop());

    const staff = createStaff({ front, clock, settings: settings.staff, wakes, log, publicUrl: origin });
    const crm = createDemoCrm(demoCrmFrom(settings.crm), { clock });
    const bot = createBot({ knowledge: storedKnowledge(back), crm, clock });
    const standard = brandFrom(settings);
    const company = createCompany({
      db: back,
      staff,
      publicUrl: origin,
      clock,
      wakes,
      log,
      settings: settings.company,
      standard,
    });
    const { DATA_DIR: dataDir, TENANT: tenant } = settings.db;
    const store = await openMediaStore(settings.media, { dataDir, tenant });
    undo.push(async () => store.close());
    const spool = await openSpool(join(dataDir, "media", "incoming"), clock);
    const whatsApp = createWhatsAppCloud(settings.whatsapp, { clock });
    const carrier = openTwilioAccount(settings.twilio, origin);
    const sms = createSms(settings.sms, { db: back, clock, carrier, publicUrl: origin });
    company.define(whatsApp.connections);
    const whatsAppWeb = createWhatsAppWeb(settings.whatsappWeb, {
      front,
      back,
      clock,
      wakes,
      log,
      seal: company.seal,
      alarms: {
        raise: (queries, alarm) => chat.alarms.raise(queries, alarm),
        end: (queries, code) => chat.alarms.end(queries, code),
      },
      receive: (name, events) => chat.receive(name, events),
    });
    company.define(whatsAppWeb.connections);
    const telegram = createTelegram(settings.telegram, { clock, publicUrl: origin });
    company.define(telegram.connections);
    company.define(sms.connections);
    const channels = [whatsApp.channel, whatsAppWeb.channel, telegram.channel, sms.channel];
    for (const channel of channels) undo.push(() => channel.close());

    let calls: CallHandler;
    const voice = createTwilioVoice({
      settings: settings.twilio,
      publicUrl: origin,
      handler: () => calls,
      log,
      clock,
    });
    const chat = createChat({
      front,
      back,
      clock,
      wakes,
      channels,
      brands: company.brands,
      bot,
      staff,
      settings: settings.chat,
      log,
      watch: watch.chat,
      media: { store, spool, mostBytes: settings.media.MEDIA_MOST_MEGABYTES * MEGABYTE },
      hears: role !== "worker",
      hooks: {
        inviteProgress: (tx, progress) => router.hooks.inviteProgress(tx, progress),
        customerEngaged: (tx, engaged) => router.hooks.customerEngaged(tx, engaged),
        callMe: (tx, wish) => router.hooks.callMe(tx, wish),
        closedByOperator: (tx, closed) => outbound.hooks.closedByOperator(tx, closed),
      },
    });
    const router = createRouter({
      db: back,
      clock,
      chat,
      brands: company.brands,
      staff,
      telephone: voice.telephone,
      probe: whatsAppWeb.probe,
      jobs,
      wakes,
      settings: settings.router,
      log,
    });
    const outbound: Outbound = createOutbound({
      front,
      back,
      clock,
      wakes,
      jobs,
      telephone: voice.telephone,
      brands: company.brands,
      callbacks: router.callbacks,
      chat,
      staff,
      settings: settings.outbound,
      log,
    });
    const ivr = createIvr({
      db: front,
      back,
      clock,
      router,
      outbound,
      company,
      staff,
      telephone: voice.telephone,
      wakes,
      settings: settings.ivr,
      log,
    });
    calls = watch.calls(ivr.handler);
    const live = createLive({ front, clock, publicUrl: origin, authenticate: staff.authenticate });

    await server.register(watch.routes({ pools: { front, back }, clock, router }));
    const api: FastifyPluginAsync = async (api) => {
      await api.register(staff.routes);
      await api.register(company.routes);
      await api.register(live.routes);
      await api.register(guarded(staff.guard("operator", "supervisor", "admin"), chat.routes));
      await api.register(ivr.routes);
      await api.register(outbound.routes);
      await api.register(guarded(staff.guard("admin"), whatsAppWeb.routes));
      await api.register(guarded(staff.guard("supervisor", "admin"), analyticsRoutes({ front, clock })));
    };
    if (role !== "worker") {
      await server.register(voice.routes);
      await server.register(chat.webhooks);
      await server.register(guarded(staff.guard("operator", "supervisor", "admin"), chat.files));
      await server.register(api, { prefix: "/api" });
    }

    const keepDays = settings.media.MEDIA_KEEP_DAYS;
    for (const upkeep of [inboxUpkeep(back, clock), mediaUpkeep(back, { clock, store, keepDays })]) {
      jobs.define(upkeep);
      if (cron) await jobs.schedule(upkeep.name, HOURLY);
    }

    await seed(settings, { back, staff, clock });
    await bot.reload();
    await company.open();

    const work = [
      whatsAppWeb.pump,
      telegram.pump,
      ...chat.pumps,
      ...router.pumps,
      ...outbound.pumps,
      ...ivr.pumps,
      jobs.pump,
    ];
    const pumps = [company.pump, ...(role === "web" ? [] : work), ...(role === "worker" ? [] : [chat.ears, live.pump])];
    const idle = async () => {
      await Promise.all([chat.idle(), whatsAppWeb.idle()]);
    };
    undo.push(async () => {
      await Promise.all([chat.stop(), whatsAppWeb.idle()]);
    });
    if (loops === "running") running = runPumps(pumps, { clock, wakes, log, failed: watch.pumpFailed });
    working = true;
    const troubles = async () => {
      const checked = [store, ...(settings.twilio.TWILIO_ACCOUNT_SID ? [voice.telephone] : [])];
      const answers = await Promise.all(checked.map(async ({ name, check }) => ({ name, answer: await check() })));
      const silent = answers.flatMap(({ name, answer }) => (answer.ok ? [] : [`${name}: ${answer.sentence}`]));
      return [...(await company.troubles()), ...silent];
    };
    const port = await listen(server, settings.http);
    // First of all: the answers under way still need everything else.
    undo.push(async () => {
      live.leave();
      await server.close();
    });
    const hasTelephone = settings.twilio.TWILIO_ACCOUNT_SID !== undefined;
    const addresses = [...(hasTelephone ? twilioAddresses(origin) : []), ...company.addresses()];
    return { url: `http://127.0.0.1:${port}`, publicUrl: origin, pumps, idle, stop, addresses, troubles };
  } catch (error) {
    await stop().catch(() => {});
    throw asStartError(error);
  }
}

const SMS_WITHOUT_TWILIO =
  "SMS_NUMBER is set but TWILIO_ACCOUNT_SID is not: text messages leave through the Twilio account. Set it, or leave SMS_NUMBER empty, and start again.";
const ALONE =
  "DETOUR_ROLE is web or worker, but Detour's own PostgreSQL serves one process only. Set DATABASE_URL to a PostgreSQL that all processes share, or set DETOUR_ROLE to both.";

const passing = (clock: Clock, time: Millis) =>
  time > 0 ? new Promise<void>((resolve) => void clock.after(time, resolve)) : Promise.resolve();
const MEGABYTE = 1024 * 1024;

const HOURLY = "7 * * * *";

/** Below the two seconds in which a webhook is answered even when the database hangs. */
const QUERY_TIMEOUT_MS = 1800;

/** Every route of the plugin asks the guard first. */
const guarded =
  (guard: ReturnType<Staff["guard"]>, routes: FastifyPluginAsync): FastifyPluginAsync =>
  async (app) => {
    app.addHook("onRequest", guard);
    await app.register(routes);
  };

/** What an empty database starts with; whatever somebody changed stays as it is. */
async function seed({ staff, twilio, ivr, bot }: Settings, rooms: { back: Database; staff: Staff; clock: Clock }) {
  const only = twilio.TWILIO_NUMBER ? [{ number: twilio.TWILIO_NUMBER, locale: ivr.DEFAULT_LOCALE }] : [];
  await seedQueues(rooms.back, ivr.HOTLINES.length > 0 ? ivr.HOTLINES : only);
  await seedIntents(rooms.back, rooms.clock, { demo: bot.BOT_DEMO_FAQ });
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = staff;
  if (email && password)
    await rooms.staff.ensureOperator({
      email,
      password,
      name: "Admin",
      role: "admin",
      locale: screenLocaleOf(ivr.DEFAULT_LOCALE),
    });
}

/**
 * Runs until SIGINT, which a person presses, or SIGTERM, after which a balancer is given time to look elsewhere: the
 * program as `npm start` and a service manager run it. A second signal does not wait.
 */
export async function runDetour(env: Env): Promise<Detour> {
  // Left alone V8 lets a heap that needs 70 MiB grow to 400 under load before it collects the old ones.
  setFlagsFromString("--heap-growing-percent=40");
  const { process: own, db } = readSettings(env, { process: processSettings, db: dbSettings });
  // With a PostgreSQL of our own there is nobody else to be sent to.
  const drain = db.DATABASE_URL ? seconds(own.DRAIN_SECONDS) : seconds(0);
  const detour = await startDetour(env);
  // With NODE_COMPILE_CACHE set: Node itself writes it at a clean exit only, and the next start may follow a kill.
  flushCompileCache();
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      detour.stop(signal === "SIGTERM" ? drain : seconds(0)).then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  return detour;
}

/** The program with real providers: runs until stopped, says where to reach it and what does not work yet. */
export async function serve(env: Env): Promise<void> {
  const detour = await runDetour(env);
  const places = [{ what: "Inbox", url: `${detour.publicUrl}/inbox` }, ...detour.addresses];
  process.stdout.write(`Detour is ready at ${detour.publicUrl}\n${addressLines(places).join("\n")}\n`);
  for (const sentence of await detour.troubles()) process.stdout.write(`  Not working yet   ${sentence}\n`);
}

if (import.meta.main) {
  try {
    await serve(process.env);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`Detour did not start. ${error.message}\n`);
    process.exit(1);
  }
}

import { analyticsRoutes } from "#analytics";
import { botSettings, createBot, seedIntents, storedKnowledge } from "#bot";
import { chatSettings, createChat, inboxUpkeep } from "#chat";
import { createTelegram, telegramSettings } from "#chat/telegram";
import { createWhatsAppCloud, whatsAppSettings } from "#chat/whatsapp-cloud";
import { DEFAULT_BRAND, companySettings, createCompany, type Brand } from "#company";
import { readSettings } from "#config";
import { createDemoCrm, demoCrmFrom, demoCrmSettings } from "#crm/demo";
import { asStartError, createWakes, dbSettings, migrate, openDatabase, startOwnPostgres, type Database } from "#db";
import { createLive, createServer, httpSettings, listen, publicUrl } from "#http";
import { createIvr, ivrSettings, seedQueues, type Ivr } from "#ivr";
import { openJobs, runPumps, type Pump } from "#jobs";
import { StartError, inEveryLanguage, screenLocaleOf, systemClock, type Clock } from "#kit";
import { createRouter, routerSettings } from "#router";
import { createStaff, staffSettings, type Staff } from "#staff";
import { createTwilioVoice, twilioSettings } from "#voice/twilio";
import { setFlagsFromString } from "node:v8";
import type { FastifyPluginAsync } from "fastify";

/** Every part of `.env`, in the order of `.env.example`. */
export const settingsParts = {
  http: httpSettings,
  db: dbSettings,
  staff: staffSettings,
  company: companySettings,
  twilio: twilioSettings,
  ivr: ivrSettings,
  router: routerSettings,
  whatsapp: whatsAppSettings,
  telegram: telegramSettings,
  chat: chatSettings,
  bot: botSettings,
  crm: demoCrmSettings,
};

type Env = Record<string, string | undefined>;
type Settings = ReturnType<typeof readSettings<typeof settingsParts>>;

export interface Detour {
  /** Where it listens on this machine. */
  url: string;
  /** Where browsers and providers reach it. */
  publicUrl: string;
  /** The loops, for whoever drives them by hand. */
  pumps: Pump[];
  /** A round trip to every connected provider; a sentence for each that does not work. */
  troubles(): Promise<string[]>;
  /** Resolves when nothing is under way outside of the loops: sends, answers of the bot. */
  idle(): Promise<void>;
  /** Answers requests under way, lets the loops end their turn, closes the database. */
  stop(): Promise<void>;
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
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };

  try {
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
    const checks = [() => (working ? null : "The background loops do not run yet.")];
    const server = await createServer({ settings: settings.http, front, checks });
    undo.push(() => server.close());
    const { log } = server;
    const origin = publicUrl(settings.http);

    const jobs = await openJobs(back, { clock, wakes, log, cron: loops === "running" });
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
    const whatsApp = createWhatsAppCloud(settings.whatsapp, { clock });
    company.define(whatsApp.connections);
    const telegram = createTelegram(settings.telegram, { clock, publicUrl: origin });
    company.define(telegram.connections);
    const channels = [whatsApp.channel, telegram.channel];
    for (const channel of channels) undo.push(() => channel.close());

    let ivr: Ivr;
    const voice = createTwilioVoice({
      settings: settings.twilio,
      publicUrl: origin,
      handler: () => ivr.handler,
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
      hooks: {
        inviteProgress: (tx, progress) => router.hooks.inviteProgress(tx, progress),
        customerEngaged: (tx, engaged) => router.hooks.customerEngaged(tx, engaged),
        callMe: (tx, wish) => router.hooks.callMe(tx, wish),
      },
    });
    const router = createRouter({
      db: back,
      clock,
      chat,
      brands: company.brands,
      staff,
      telephone: voice.telephone,
      probe: null,
      jobs,
      wakes,
      settings: settings.router,
      log,
    });
    ivr = createIvr({
      db: front,
      clock,
      router,
      company,
      staff,
      telephone: voice.telephone,
      wakes,
      settings: settings.ivr,
    });
    const live = createLive({ front, clock, publicUrl: origin, authenticate: staff.authenticate });

    await server.register(voice.routes);
    await server.register(chat.webhooks);
    await server.register(
      async (api) => {
        await api.register(staff.routes);
        await api.register(company.routes);
        await api.register(live.routes);
        await api.register(guarded(staff.guard("operator", "supervisor", "admin"), chat.routes));
        await api.register(ivr.routes);
        await api.register(guarded(staff.guard("supervisor", "admin"), analyticsRoutes({ front, clock })));
      },
      { prefix: "/api" },
    );

    const upkeep = inboxUpkeep(back, clock);
    jobs.define(upkeep);
    if (loops === "running") await jobs.schedule(upkeep.name, HOURLY);

    await seed(settings, { back, staff, clock });
    await bot.reload();
    await company.open();

    const pumps = [company.pump, telegram.pump, ...chat.pumps, ...router.pumps, ...ivr.pumps, jobs.pump, live.pump];
    undo.push(() => chat.idle());
    const running = loops === "running" ? runPumps(pumps, { clock, wakes, log }) : null;
    if (running) undo.push(() => running.stop());
    working = true;
    const troubles = async () => {
      const { name, check } = voice.telephone;
      const telephone = settings.twilio.TWILIO_ACCOUNT_SID ? await check() : null;
      const silent = telephone && !telephone.ok ? [`${name}: ${telephone.sentence}`] : [];
      return [...(await company.troubles()), ...silent];
    };
    const port = await listen(server, settings.http);
    return { url: `http://127.0.0.1:${port}`, publicUrl: origin, pumps, idle: () => chat.idle(), stop, troubles };
  } catch (error) {
    await stop().catch(() => {});
    throw asStartError(error);
  }
}

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

/** The brand of whatever names none, as the settings describe it. */
const brandFrom = ({ chat, ivr, company }: Settings): Brand => ({
  code: DEFAULT_BRAND,
  name: inEveryLanguage(chat.CHAT_SHOP_NAME),
  locale: chat.CHAT_DEFAULT_LOCALE,
  region: ivr.PHONE_REGION,
  timeZone: company.TIME_ZONE,
  hours: [],
  holidays: [],
});

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
 * Runs until SIGINT or SIGTERM: the program as `npm start` and a service manager run it.
 * A second signal does not wait.
 */
export async function runDetour(env: Env): Promise<Detour> {
  // Left alone V8 lets a heap that needs 70 MiB grow to 400 under load before it collects the old ones.
  setFlagsFromString("--heap-growing-percent=40");
  const detour = await startDetour(env);
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      detour.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  return detour;
}

/** What an administrator pastes into the providers' consoles. */
const welcome = (publicUrl: string) => `Detour is ready at ${publicUrl}
  Inbox             ${publicUrl}/inbox
  Twilio, voice     ${publicUrl}/voice/twilio/incoming#ct=1500&rt=3000&rc=2&rp=ct,rt,5xx
  Twilio, status    ${publicUrl}/voice/twilio/status#ct=1500&rt=3000&rc=2&rp=ct,rt,5xx
  Twilio, fallback  install the document of ${publicUrl}/voice/twilio/fallback.xml as a TwiML Bin
  WhatsApp          ${publicUrl}/channels/whatsapp-cloud/webhook
`;

/** The program with real providers: runs until stopped, says where to reach it and what does not work yet. */
export async function serve(env: Env): Promise<void> {
  const detour = await runDetour(env);
  process.stdout.write(welcome(detour.publicUrl));
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

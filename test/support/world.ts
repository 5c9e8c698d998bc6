import { createSettableClock, instant, later, millis, type Instant, type SettableClock } from "#kit";
import { createCrm } from "../../sim/crm/index.ts";
import { isRefusal } from "../../sim/telegram/refusal.ts";
import { createTelegram, type Telegram } from "../../sim/telegram/index.ts";
import type { BotAccount } from "../../sim/telegram/world.ts";
import { createTwilio, type Twilio } from "../../sim/twilio/index.ts";
import { createWhatsApp, type WhatsApp, type WhatsAppOptions } from "../../sim/whatsapp/index.ts";
import { startDetour, type Detour } from "../../src/main.ts";
import { temporaryFolder } from "./folder.ts";
import { freshDatabase, type FreshDatabase } from "./database.ts";
import { createGraph } from "./graph.ts";
import { validateCall, validateResult, validateUpdate } from "./telegram-spec.ts";
import { validateRestRequest } from "./twilio-spec.ts";
import { validateWebhook } from "./whatsapp-spec.ts";
import { demo, demoSettings } from "./demo-env.ts";
import { freePort } from "./free-port.ts";
import { createPatience } from "./patience.ts";

/**
 * The whole product against stand-ins for every provider, over real HTTP and a real database, on one clock that stands
 * still until a story moves it.
 */
export interface World {
  clock: SettableClock;
  db: FreshDatabase;
  detour: Detour;
  twilio: Twilio;
  whatsapp: WhatsApp;
  /** More business numbers, of other apps and accounts; connected by nobody yet. */
  otherNumbers: WhatsApp[];
  telegram: Telegram;
  crm: ReturnType<typeof createCrm>;
  /** Where the product keeps its files. */
  folder: string;
  /** Lets everything happen that can happen at this moment. */
  settle(): Promise<void>;
  /** Moves the clock, stopping wherever something falls due. */
  advance(ms: number): Promise<void>;
  /** Moves the clock in one step: what falls due meanwhile happens at the end. For long times in which nobody calls or writes. */
  leap(ms: number): Promise<void>;
  /** Moves the clock until `happened` says yes. Fails after `mostMs` of the world's time. */
  until(what: string, happened: () => boolean | Promise<boolean>, mostMs?: number): Promise<void>;
  /** Stops everything. Fails when anything that passed over the wire broke the provider's published schema. */
  close(): Promise<void>;
}

/** The numbers of a list such as `+74950000142:ru,+442079460142:en`. */
const numbersIn = (hotlines: string) => hotlines.split(",").map((part) => part.split(":")[0]!);

/** A working day at noon, Moscow time. */
const NOON = instant(Date.UTC(2026, 10, 20, 9, 0, 0));

/** What a story may need beside the usual stand-ins. */
interface Extras {
  /** More business numbers, of other apps and accounts. */
  numbers?: Omit<WhatsAppOptions, "clock">[];
  /** The Telegram bots there are; the first is connected. */
  bots?: BotAccount[];
  /** One more stand-in on the world's clock: answers the settings that lead to it. */
  guest?: (clock: SettableClock) => Promise<Record<string, string>>;
}

export async function createWorld(
  given: Record<string, string> = {},
  { numbers: others = [], bots = [demo.bot], guest }: Extras = {},
): Promise<World> {
  const clock = createSettableClock(NOON);
  const settings = { ...(await guest?.(clock)), ...given };
  const db = await freshDatabase();
  const whatsapp = createWhatsApp({ clock, ...demo, seed: 7 });
  const otherNumbers = others.map((one) => createWhatsApp({ clock, seed: 8, ...one }));
  const numbers = [whatsapp, ...otherNumbers];
  const telegram = createTelegram({ clock, bots, seed: 7 });
  const crm = createCrm({ clock, token: demo.crmToken });
  const number = { number: demo.hotline.ru, voiceUrl: "", fallbackUrl: "", statusCallback: "" };
  const twilio = createTwilio({
    clock,
    accountSid: demo.accountSid,
    authToken: demo.authToken,
    number,
    otherNumbers: numbersIn(settings["HOTLINES"] ?? ""),
    seed: 7,
  });
  const messengers = [...numbers, telegram];
  await Promise.all([...messengers.map((one) => one.listen()), twilio.listen(), crm.listen()]);
  const ids = [demo, ...others].map(({ phoneNumberId }, nth) => [phoneNumberId, numbers[nth]!.url] as const);
  const graph = others.length > 0 ? await createGraph(new Map(ids)) : null;

  const complaints: string[] = [];
  for (const one of numbers) one.onWebhook((_kind, body) => void complaints.push(...validateWebhook(body)));
  twilio.journal.onEntry((entry) => {
    if (entry.from !== "detour" || entry.status !== null) return;
    complaints.push(...validateRestRequest(entry.method, entry.path, entry.params as Record<string, string>));
  });

  const folder = temporaryFolder();
  telegram.onUpdate((update) => void complaints.push(...validateUpdate(update)));
  telegram.onCall((method, params, answer) => {
    complaints.push(...validateCall(method, params));
    if (!isRefusal(answer)) complaints.push(...validateResult(method, answer));
  });

  const port = await freePort();
  const detour = await startDetour(
    {
      ...demoSettings({ port, twilio, whatsapp }),
      DATABASE_URL: db.url,
      DATA_DIR: folder,
      LOG_LEVEL: process.env["STORY_LOG"] ?? "silent",
      ...(graph ? { WHATSAPP_BASE_URL: graph.url } : {}),
      TELEGRAM_BASE_URL: telegram.url,
      TELEGRAM_BOT_TOKEN: demo.bot.token,
      TELEGRAM_WEBHOOK_SECRET: demo.botSecret,
      DEMO_CRM_URL: crm.url,
      DEMO_CRM_TOKEN: demo.crmToken,
      ...settings,
    },
    { clock, loops: "by hand" },
  );
  whatsapp.webhookUrl = `${detour.url}/channels/whatsapp-cloud/webhook`;
  number.voiceUrl = `${detour.url}/voice/twilio/incoming`;
  number.statusCallback = `${detour.url}/voice/twilio/status`;

  const { turn, orHeld, isHeld } = createPatience({
    db,
    providers: [twilio, ...messengers],
    hasGuest: guest !== undefined,
  });

  async function settle() {
    for (let quiet = 0; quiet < 2;) {
      clock.moveTo(clock.now());
      let done = 0;
      for (const pump of detour.pumps) done += (await turn(pump)) ?? 0;
      const before = traffic();
      await orHeld(Promise.all([twilio.idle(), ...messengers.map((one) => one.idle()), detour.idle()]));
      quiet = done === 0 && traffic() === before ? quiet + 1 : 0;
    }
  }

  const traffic = () => [twilio, ...messengers].reduce((sum, { journal }) => sum + journal.entries.length, 0);

  async function nextMoment(): Promise<Instant | null> {
    const planned = await Promise.all(detour.pumps.map((pump) => pump.nextDueAt()));
    const moments = [...planned, clock.nextTimerAt()].filter((at): at is Instant => at !== null && at > clock.now());
    return moments.length === 0 ? null : instant(Math.min(...moments));
  }

  async function moveTo(target: Instant) {
    await settle();
    for (let next = await nextMoment(); next !== null && next <= target; next = await nextMoment()) {
      clock.moveTo(next);
      await settle();
    }
    clock.moveTo(target);
    await settle();
  }

  return {
    clock,
    db,
    detour,
    twilio,
    whatsapp,
    otherNumbers,
    telegram,
    crm,
    folder,
    settle,
    advance: (ms) => moveTo(later(clock.now(), millis(ms))),
    async leap(ms) {
      await settle();
      clock.moveTo(later(clock.now(), millis(ms)));
      await settle();
    },
    async until(what, happened, mostMs = 120_000) {
      const end = later(clock.now(), millis(mostMs));
      await settle();
      while (!(await happened())) {
        const next = await nextMoment();
        if (next === null || next > end) throw new Error(`Waited in vain until ${what}.`);
        clock.moveTo(next);
        await settle();
      }
    },
    async close() {
      while (isHeld()) await moveTo((await nextMoment())!);
      await detour.stop();
      await graph?.close();
      await Promise.all([twilio.close(), ...messengers.map((one) => one.close()), crm.close()]);
      await db.drop();
      complaints.push(...numbers.flatMap(({ violations }) => violations.map(({ details }) => details)));
      if (complaints.length > 0)
        throw new Error(`Something on the wire is not as the provider's schema says:\n${complaints.join("\n")}`);
    },
  };
}

import type { Connection, ConnectionKind } from "#company";
import type { SettingsOf } from "#config";
import type { Database, Wakes } from "#db";
import type { Pump } from "#jobs";
import type { Clock } from "#kit";
import type { FastifyPluginAsync } from "fastify";
import type { Channel, ChannelEvent, ReachProbe } from "../../channel.ts";
import type { WhatsAppWebAccount } from "./account.ts";
import { createAccounts } from "./accounts.ts";
import { createCanaryPump } from "./canary-pump.ts";
import { whatsAppWebKind } from "./connections.ts";
import { createDesk } from "./desk.ts";
import { createIntake } from "./intake.ts";
import type { Seal } from "./key-store.ts";
import { createLine, type AccountLine, type Log } from "./line.ts";
import { createMessenger, NAME } from "./messenger.ts";
import { createAsking, reachProbe } from "./probe.ts";
import { whatsAppWebRoutes } from "./routes.ts";
import { serverFrom, type whatsAppWebSettings } from "./settings.ts";
import { createTroubles, type AlarmBell } from "./troubles.ts";
import { WARNING } from "./words.ts";

export { whatsAppWebSettings } from "./settings.ts";
export type { WhatsAppWebAccount } from "./account.ts";

export interface WhatsAppWebDeps {
  front: Database;
  back: Database;
  clock: Clock;
  wakes: Wakes;
  log: Log;
  seal: Seal;
  alarms: AlarmBell;
  /** Stores what was heard in the chat's inbox. */
  receive(channel: string, events: ChannelEvent[]): Promise<void>;
}

/** WhatsApp through accounts linked as a browser: a messenger, and a way to ask who is registered. Off until connected. */
export interface WhatsAppWeb {
  channel: Channel;
  connections: ConnectionKind<WhatsAppWebAccount>;
  probe: ReachProbe;
  /** For administrators; the caller guards it. */
  routes: FastifyPluginAsync;
  pump: Pump;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** The library itself is loaded by the thread of a line, when there is one. */
export function createWhatsAppWeb(
  settings: SettingsOf<typeof whatsAppWebSettings>,
  deps: WhatsAppWebDeps,
): WhatsAppWeb {
  const { back, clock, wakes, log } = deps;
  const accounts = createAccounts();
  const lines = new Map<string, AccountLine>();
  const troubles = createTroubles(deps.alarms);
  const intake = createIntake({ store: (events) => deps.receive(NAME, events), clock, log });
  const desk = createDesk({ db: back, clock, wakes, log, linkOf: (account) => lines.get(account)?.link() ?? null });
  const asking = createAsking({ db: back, clock, desk, troubles, accounts: accounts.asked });
  const here = () => accounts.asked().filter(({ number }) => lines.get(number)?.link());
  const serve = async () => {
    for (const account of lines.keys()) await desk.serve(account);
  };
  const canaries = createCanaryPump({ db: back, clock, log, asking, accounts: here, serve });

  const lineDeps = {
    db: back,
    clock,
    log,
    seal: deps.seal,
    troubles,
    server: serverFrom(settings),
    async deliver(account: string, events: ChannelEvent[]) {
      if (accounts.find(account)?.channel) await intake.deliver(events);
    },
    onOpening: asking.distrust,
    onOpened() {
      wakes.wake("whatsapp-web");
      wakes.wake("outbox");
    },
  };

  wakes.on("whatsapp-web", () => {
    for (const line of lines.values()) void line.look();
  });
  wakes.on("whatsapp-web-errands", () => {
    void serve().catch(() => log.warn({ channel: NAME }, "errands of other processes are looked for again soon"));
  });

  async function use(connections: Connection<WhatsAppWebAccount>[]): Promise<void> {
    const before = new Set(accounts.all().map(({ account }) => account));
    accounts.use(connections);
    const wanted = new Set(connections.map(({ account }) => account));
    for (const [account, line] of lines) {
      if (wanted.has(account)) continue;
      lines.delete(account);
      await line.close();
    }
    for (const account of wanted) {
      if (!lines.has(account)) lines.set(account, createLine(account, lineDeps));
      if (!before.has(account)) log.warn({ channel: NAME }, WARNING);
      void lines.get(account)!.look();
    }
  }

  async function close(): Promise<void> {
    const closing = [...lines.values()];
    lines.clear();
    await Promise.all(closing.map((line) => line.close()));
    await idle();
  }

  async function idle(): Promise<void> {
    await canaries.idle();
    await desk.idle();
    await intake.idle();
  }

  return {
    channel: createMessenger({ accounts, desk, clock, log, close }),
    connections: whatsAppWebKind(NAME, settings, { desk, db: back, clock, use }),
    probe: reachProbe(asking, accounts.asked),
    routes: whatsAppWebRoutes({ front: deps.front, clock, wakes, accounts, seal: deps.seal }),
    pump: canaries,
    idle,
  };
}

import type { Database, Queries, Tx, Wakes } from "#db";
import type { Chat, ChatHooks, ReachProbe } from "#chat";
import type { Brands } from "#company";
import type { SettingsOf } from "#config";
import type { Jobs, Pump } from "#jobs";
import { seconds, type CallId, type Clock } from "#kit";
import type { Staff } from "#staff";
import type { Telephone } from "#voice";
import { askCallback } from "./callbacks.ts";
import type { CallbackWish, Caller } from "./caller.ts";
import type { Deflection, DeflectionEvent, DeflectionRules } from "./core/deflection.ts";
import { overdue } from "./core/deflection.ts";
import type { WaitEstimate } from "./core/ewt.ts";
import { limitsOf, type OfferLimits } from "./core/offer.ts";
import { createDeflector } from "./deflector.ts";
import { loadDeflection } from "./deflections.ts";
import { createHooks } from "./hooks.ts";
import { createOffers, type Offers } from "./offers.ts";
import { deflectionPump, peakPump } from "./pumps.ts";
import type { routerSettings } from "./settings.ts";
import { createWaiting, type Place } from "./waiting.ts";
import { defineWork } from "./work.ts";

type Settings = SettingsOf<typeof routerSettings>;

export interface RouterDeps {
  /** For background work; calls bring their own transaction. */
  db: Database;
  clock: Clock;
  chat: Pick<Chat, "invite" | "notify" | "room">;
  brands: Pick<Brands, "ofQueue">;
  staff: Pick<Staff, "online">;
  telephone: Pick<Telephone, "pullOut">;
  /** Null: nobody is asked before the message itself. */
  probe: ReachProbe | null;
  jobs: Pick<Jobs, "add" | "define">;
  wakes: Pick<Wakes, "wake">;
  settings: Settings;
  log: { error(fields: object, words: string): void };
}

/** May this caller leave the queue for a messenger? All methods work inside the caller's transaction. */
export interface Router extends Offers {
  /** The place by first time in the queue, and the wait expected from there. */
  expect(tx: Tx, caller: Pick<Caller, "callId" | "queue" | "enqueuedAt">): Promise<Place & { estimate: WaitEstimate }>;
  /** The deflection of this call as it is now, its time limits applied. Null when nothing was offered. */
  look(tx: Tx, callId: CallId): Promise<Deflection | null>;
  /** Tells what happened to the call. Answers the deflection after it, or null when nothing was offered. */
  tell(tx: Tx, callId: CallId, event: DeflectionEvent): Promise<Deflection | null>;
  /** A callback the caller asked for or that we owe; false when one is waiting already. */
  askCallback(tx: Tx, wish: CallbackWish): Promise<boolean>;
  /** For screens: how many wait in a queue and what a new caller would wait. */
  outlook(queries: Queries, queue: string): Promise<{ waiting: number; estimate: WaitEstimate }>;
  hooks: ChatHooks;
  pumps: Pump[];
}

/** Builds the room and declares its background work; call before the jobs start. */
export function createRouter(deps: RouterDeps): Router {
  const { clock, settings, log } = deps;
  const waiting = createWaiting({ clock, staff: deps.staff, settings });
  const deflector = createDeflector({ ...deps, waiting, rules: rulesOf(settings) });
  const offers = createOffers({ clock, chat: deps.chat, brands: deps.brands, deflector, limits: limitsFrom(settings) });
  defineWork(deps.jobs, { ...deps, deflector });

  return {
    ...offers,
    hooks: createHooks({ clock, deflector }),
    pumps: [deflectionPump({ ...deps, deflector, waiting, log }), peakPump({ ...deps, deflector, waiting, log })],
    async expect(tx, caller) {
      const place = await waiting.place(tx, caller);
      return { ...place, estimate: await waiting.expect(tx, caller.queue, place.place - 1) };
    },
    async look(tx, callId) {
      const row = await loadDeflection(tx, callId);
      if (!row) return null;
      const isDue = row.dueAt !== null && row.dueAt <= clock.now();
      return isDue ? deflector.tellRow(tx, row, overdue(row.state)) : row.state;
    },
    tell: (tx, callId, event) => deflector.tell(tx, callId, event),
    askCallback: (tx, wish) => askCallback(tx, clock, wish),
    outlook: (queries, queue) => waiting.expectForNew(queries, queue),
  };
}

const rulesOf = (settings: Settings): DeflectionRules => ({
  commitLevel: settings.COMMIT_LEVEL,
  patience: seconds(settings.PATIENCE_SECONDS),
  probePatience: seconds(settings.PROBE_SECONDS),
});

const limitsFrom = (settings: Settings): OfferLimits =>
  limitsOf({
    thresholdSeconds: settings.OFFER_ABOVE_SECONDS,
    chatRoomMinutes: settings.OFFER_CHAT_WAIT_MINUTES,
    acceptPauseMinutes: settings.OFFER_PAUSE_MINUTES,
    acceptsPerDay: settings.OFFER_PER_DAY,
    silenceMinutes: settings.OFFER_SILENCE_MINUTES,
    refusalDays: settings.OFFER_REFUSAL_DAYS,
    burstPerMinute: settings.OFFER_BURST_PER_MINUTE,
    holdOutPercent: settings.OFFER_HOLD_OUT_PERCENT,
  });

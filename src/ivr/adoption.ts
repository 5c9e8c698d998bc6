import type { Database } from "#db";
import type { SettingsOf } from "#config";
import type { Pump } from "#jobs";
import { earlier, later, seconds, type Clock, type Instant } from "#kit";
import type { QueuedCaller, Telephone } from "#voice";
import type { Brands } from "#company";
import { adoptCall, saveCall } from "./calls.ts";
import { laneOf } from "./core/flow.ts";
import { hearCall } from "./lost-contact.ts";
import type { ivrSettings } from "./settings.ts";

export interface AdoptionDeps {
  db: Database;
  clock: Clock;
  telephone: Pick<Telephone, "connected" | "queued" | "callerOf">;
  brands: Pick<Brands, "find" | "languageOfCall">;
  settings: SettingsOf<typeof ivrSettings>;
}

const LOOK_EVERY = seconds(60);

/**
 * Asks the provider who waits. Whoever was put into a queue by the static fallback document hears the provider's own
 * music and never asks us anything: without this nobody would know of them, or they would be taken for over.
 */
export function adoptionPump({ db, clock, telephone, brands, settings }: AdoptionDeps): Pump {
  let lookedAt: Instant | null = null;
  const where = {
    region: settings.PHONE_REGION,
    defaultQueue: settings.DEFAULT_QUEUE,
    defaultLocale: settings.DEFAULT_LOCALE,
    brands,
  };

  async function lanes(): Promise<string[]> {
    const queues = await db.query<{ code: string }>("select code from queue where tenant = $1", [db.tenant]);
    const codes = new Set([...queues.map(({ code }) => code), settings.DEFAULT_QUEUE]);
    return [...codes].flatMap((code) => [laneOf(code, false), laneOf(code, true)]);
  }

  /** The provider's word counts as the caller's own: such a caller is not taken for over. */
  const stillThere = (providerCall: string) =>
    db.tx(async (tx) => {
      const call = await hearCall(tx, clock, providerCall);
      if (call && call.status !== "ended") await saveCall(tx, call);
    });

  async function adopt({ providerCall, queue, since }: QueuedCaller) {
    const parties = await telephone.callerOf(providerCall);
    if (!parties) return;
    const found = { providerCall, lane: queue, from: parties.from, enqueuedAt: since };
    await db.tx((tx) => adoptCall(tx, clock, found, where));
  }

  return {
    name: "adoption",
    wokenBy: [],
    async work() {
      const now = clock.now();
      if (!telephone.connected) return 0;
      if (lookedAt !== null && now < later(lookedAt, LOOK_EVERY)) return 0;
      lookedAt = now;
      const queued = await telephone.queued(await lanes());
      if (!queued || queued.length === 0) return 0;
      const known = await db.query<Known>(KNOWN, [db.tenant, queued.map(({ providerCall }) => providerCall)]);
      const heard = new Map(known.map((call) => [call.providerCall, call.heardAt]));
      for (const one of queued) {
        const heardAt = heard.get(one.providerCall);
        if (heardAt === undefined) await adopt(one);
        else if (heardAt <= earlier(now, LOOK_EVERY)) await stillThere(one.providerCall);
      }
      return 0;
    },
    nextDueAt: async () => (lookedAt === null ? null : later(lookedAt, LOOK_EVERY)),
  };
}

interface Known {
  providerCall: string;
  heardAt: Instant;
}

const KNOWN = `
  select provider_call as "providerCall", coalesce(heard_at, arrived_at) as "heardAt"
  from call where tenant = $1 and provider_call = any ($2)`;

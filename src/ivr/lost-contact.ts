import { recordEvents, type Database, type Tx } from "#db";
import type { Pump } from "#jobs";
import { between, type Clock, type Instant } from "#kit";
import type { Outbound } from "#outbound";
import type { Router } from "#router";
import { loadCall, logged, saveCall, type Call } from "./calls.ts";
import { laneOf } from "./core/flow.ts";
import { listenOn, nextLook, silentBefore, type Listening, type Silences } from "./core/silence.ts";

export interface LostContactDeps {
  db: Database;
  clock: Clock;
  router: Pick<Router, "tell">;
  outbound: Pick<Outbound, "lines">;
}

const AT_ONCE = 50;

/** Loads the call the provider speaks of. One that was taken for over waits again, at its first place. */
export async function hearCall(tx: Tx, clock: Clock, providerCall: string): Promise<Call | null> {
  const call = await loadCall(tx, providerCall);
  if (!call) return null;
  call.heardAt = clock.now();
  if (call.endReason === "lost-contact") await comeBack(tx, call);
  return call;
}

/** Where it was in the conversation was kept, and it goes on there. */
async function comeBack(tx: Tx, call: Call) {
  const { stage } = call.state;
  call.status = stage.at === "leaving" ? "leaving" : "waiting";
  if (stage.at === "talking") call.state = { ...call.state, stage: { at: "waiting" } };
  call.connectedAt = null;
  call.endedAt = null;
  call.endReason = null;
  await saveCall(tx, call);
  const data = { lane: laneOf(call.queue, call.state.returned), after: "lost-contact" };
  await recordEvents(tx, [logged(call, call.heardAt, "call.returned", data)]);
}

/**
 * Ends calls nobody hears of any more: news of their end got lost, and for as long as they counted, everybody's place
 * and forecast would be wrong.
 */
export function lostContactPump({ db, clock, router, outbound: { lines } }: LostContactDeps): Pump {
  let listening: Listening | null = null;

  const giveUp = (providerCall: string, before: { waiting: Instant; talking: Instant }) =>
    db.tx(async (tx) => {
      const call = await loadCall(tx, providerCall);
      if (!call || call.status === "ended") return;
      if (call.heardAt <= (call.status === "talking" ? before.talking : before.waiting)) await end(tx, call);
    });

  async function end(tx: Tx, call: Call) {
    if (call.status === "waiting") await router.tell(tx, call.id, { kind: "caller-hung-up" });
    call.status = "ended";
    call.endedAt = call.heardAt;
    call.endReason = "lost-contact";
    await saveCall(tx, call);
    await lines.free(tx, call.id);
    const waitedMs = between(call.enqueuedAt, call.connectedAt ?? call.heardAt);
    const data = { endedBy: "unknown", reason: "lost-contact", waitedMs };
    await recordEvents(tx, [logged(call, clock.now(), "call.ended", data)]);
  }

  return {
    name: "lost contact",
    wokenBy: [],
    async work() {
      const now = clock.now();
      const [{ waiting, talking }] = (await db.query<Silences>(SILENCES, [db.tenant])) as [Silences];
      listening = listenOn(listening, now);
      const before = silentBefore(listening);
      const isSilent = (since: Instant | null, limit: Instant) => since !== null && since <= limit;
      if (!before || !(isSilent(waiting, before.waiting) || isSilent(talking, before.talking))) return 0;
      const times = [new Date(before.waiting), new Date(before.talking)];
      const silent = await db.query<{ providerCall: string }>(SILENT, [db.tenant, ...times, AT_ONCE]);
      for (const { providerCall } of silent) await giveUp(providerCall, before);
      return silent.length;
    },
    async nextDueAt() {
      const [silences] = await db.query<Silences>(SILENCES, [db.tenant]);
      return listening && nextLook(silences!, listening);
    },
  };
}

const SILENCES = `
  select min(heard_at) filter (where status <> 'talking') as waiting, min(heard_at) filter (where status = 'talking') as talking
  from call where tenant = $1 and status <> 'ended'`;

const SILENT = `
  select provider_call as "providerCall" from call
  where tenant = $1 and status <> 'ended' and heard_at <= case when status = 'talking' then $3::timestamptz else $2::timestamptz end
  order by heard_at limit $4`;

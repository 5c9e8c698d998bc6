import { between, earlier, hours, instant, later, millis, minutes, seconds, type Clock, type Instant } from "#kit";
import { recordEvents, type Database, type Tx, type Wakes } from "#db";
import type { Pump } from "#jobs";
import type { Channel } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import { settleUnclear } from "./core/unclear.ts";
import type { ChatHooks } from "./door.ts";
import type { ChatSettings } from "./settings.ts";
import { FIRST_LOOK, learnSizes } from "./statistics.ts";
import { createHandOver, recordUnknown } from "./hand-over.ts";
import {
  abandon,
  beat,
  giveUp,
  isHeard,
  oldestUnsettled,
  resend,
  takeUnsettled,
  tidy,
  type Unsettled,
} from "./settle-store.ts";

interface Deps {
  back: Database;
  clock: Clock;
  wakes: Wakes;
  hooks: ChatHooks;
  conduct: Conduct;
  channels: Channel[];
  settings: ChatSettings;
  epoch: string;
  /** False when webhooks are answered by other processes only. */
  hears: boolean;
}

/** Where no receipt ever comes there is nothing to wait for but the end of a short disturbance. */
const WITHOUT_RECEIPTS = seconds(10);
const BEAT_EVERY = seconds(2);
/** A process without a sign of life for this long is gone. */
export const DEAD_AFTER = seconds(10);
/** Without a beat of whoever answers webhooks for this long, receipts are not heard. */
const DEAF_AFTER = seconds(5);
const TIDY_EVERY = minutes(10);
const KEPT = hours(2);

/**
 * Ends sends nobody knows the outcome of. A receipt settles them at any time. Without one they wait until this process
 * has itself been up and polling, and somebody has heard webhooks, long enough for the provider to have called back; then `settleUnclear` decides.
 */
export function createSettlePump({ back, clock, wakes, hooks, conduct, channels, settings, epoch, hears }: Deps): Pump {
  const handOver = createHandOver({ back, clock, wakes, conduct });
  const patience = millis(settings.UNCLEAR_SETTLE_MS);
  const silent = channels.filter(({ hasSeen }) => hasSeen !== undefined).map(({ name }) => name);
  /** A pause between two polls counts as uptime only in part: a suspended process hears no receipts. */
  const longestCredit = millis(patience / 4);
  let uptime = millis(0);
  let polledAt: Instant | null = null;
  let beatAt: Instant | null = null;
  let tidiedAt: Instant | null = null;
  let nextSize: number | null = FIRST_LOOK;

  async function work(): Promise<number> {
    const now = clock.now();
    await keepAlive(now);
    // The time begins anew: what providers have to tell again takes as long as after a start.
    if (!hears && !(await isHeard(back, earlier(now, DEAF_AFTER)))) uptime = millis(0);
    const { done, lost } = await back.tx((tx) => settleIn(tx, now));
    if (lost.length > 0) await handOver(lost);
    uptime = millis(uptime + Math.min(longestCredit, polledAt === null ? 0 : between(polledAt, now)));
    polledAt = now;
    if (done > 0) wakes.wake("outbox");
    return done;
  }

  async function keepAlive(now: Instant): Promise<void> {
    if (beatAt === null || between(beatAt, now) >= BEAT_EVERY) {
      await beat(back, epoch, now);
      beatAt = now;
      if (nextSize !== null) nextSize = await learnSizes(back, nextSize);
    }
    if (tidiedAt !== null && between(tidiedAt, now) < TIDY_EVERY) return;
    await tidy(back, earlier(now, KEPT));
    tidiedAt = now;
  }

  async function settleIn(tx: Tx, now: Instant): Promise<{ done: number; lost: Unsettled[] }> {
    const abandoned = await abandonIn(tx, now);
    const unsettled = await takeUnsettled(tx, silent, {
      others: uptime < patience ? null : earlier(now, patience),
      silent: earlier(now, WITHOUT_RECEIPTS),
    });
    const fates = unsettled.map((send) => ({ send, fate: settleUnclear(send, now) }));
    await repeat(
      tx,
      fates.flatMap(({ send, fate }) => (fate.do === "repeat" ? [{ ...send, repeats: fate.repeats }] : [])),
      now,
    );
    const left = fates.filter(({ fate }) => fate.do === "leave").map(({ send }) => send.id);
    await recordUnknown(tx, await giveUp(tx, left), now);
    const lost = fates.filter(({ fate }) => fate.do === "hand-over").map(({ send }) => send);
    return { done: abandoned + unsettled.length, lost };
  }

  async function abandonIn(tx: Tx, now: Instant): Promise<number> {
    const abandoned = await abandon(tx, epoch, earlier(now, DEAD_AFTER));
    for (const { id, inviteOf } of abandoned) {
      if (inviteOf !== null)
        await hooks.inviteProgress(tx, { callId: inviteOf, messageId: id, outcome: { kind: "unclear" } });
    }
    return abandoned.length;
  }

  async function nextDueAt(): Promise<Instant | null> {
    const oldest = await oldestUnsettled(back, silent);
    const moments = [
      ...(oldest.silent === null ? [] : [later(oldest.silent, WITHOUT_RECEIPTS)]),
      ...(oldest.others === null ? [] : [receiptsDueAt(oldest.others)]),
    ];
    return moments.length === 0 ? null : instant(Math.min(...moments));
  }

  function receiptsDueAt(since: Instant): Instant {
    const missing = Math.max(0, patience - uptime);
    return missing > 0 ? later(clock.now(), millis(Math.min(longestCredit, missing))) : later(since, patience);
  }

  return { name: "settling", wokenBy: [], work, nextDueAt };
}

async function repeat(tx: Tx, again: Unsettled[], now: Instant): Promise<void> {
  await resend(
    tx,
    again.map(({ id, repeats }) => ({ id, repeats })),
    now,
  );
  await recordEvents(
    tx,
    again.map(({ id, conversationId, author, loss, repeats }) => ({
      at: now,
      kind: "message.resent",
      conversationId,
      data: { messageId: id, author, because: loss, repeat: repeats[loss] },
    })),
  );
}

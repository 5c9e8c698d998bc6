import { instant, later, messageOf, millis, type Clock, type Instant } from "#kit";
import { createBatcher, type Database, type Queries, type Tx, type Wakes } from "#db";
import type { Pump } from "#jobs";
import type { MediaStore } from "#media";
import { endSendAlarms, hasAlarm, raiseAlarm } from "./alarm-store.ts";
import { noteBlocks, type Word } from "./block-store.ts";
import type { Channel, OutboundMessage, SendOutcome } from "./channel.ts";
import { tryAgainAt } from "./core/backoff.ts";
import type { ChatHooks, InviteProgress } from "./door.ts";
import { createFlow, feed } from "./flow.ts";
import type { Log } from "./log.ts";
import { PACE_LOOK, claim, nextSendAt, settle, type Claimed, type Fate } from "./outbox-store.ts";
import type { ChatWatch, SendReport } from "./watch.ts";
import { rememberAddresses, type SeenAddress } from "./people-store.ts";

interface Deps {
  back: Database;
  clock: Clock;
  wakes: Wakes;
  log: Log;
  hooks: ChatHooks;
  watch: ChatWatch;
  channel: Channel;
  /** Keeps the files that messages carry. */
  store: Pick<MediaStore, "open">;
  /** This start of this process; claims of others are not ours to judge. */
  epoch: string;
}

interface Sent {
  message: Claimed;
  outcome: SendOutcome;
}

const MOST_AT_ONCE = 64;
const MOST_IN_A_BATCH = 200;

/** Sends what is queued for one channel: marked first, then sent, then the outcome saved; never two at once in a conversation. */
export function createOutboxPump({ back, clock, wakes, log, hooks, watch, channel, store, epoch }: Deps) {
  const flow = createFlow(MOST_AT_ONCE, PACE_LOOK, clock);
  wakes.on("outbox", flow.ring);
  /** Whether an account has an alarm, as far as this process knows. */
  const alarmed = new Map<string, boolean>();

  const outcomes = createBatcher<Sent, void>({
    run: async (sent) => {
      const hasNext = sent.some(({ message }) => message.inviteOf !== null)
        ? await back.tx((tx) => saveWithNews(tx, sent))
        : await saveFates(back, sent);
      if (hasNext) flow.ring();
      wakes.wake("events");
      return sent.map(() => undefined);
    },
    most: MOST_IN_A_BATCH,
    lanes: 1,
    full: Number.POSITIVE_INFINITY,
    refuse: () => new Error("unreachable: the outcomes' batcher is never full"),
  });

  async function take(most: number): Promise<Claimed[]> {
    const now = clock.now();
    return claim(back, { channel: channel.name, paces: paces(), budget: channel.abilities.budget, epoch, now, most });
  }

  const paces = () =>
    channel.accounts().map((account) => ({
      account,
      perSecond: channel.account(account)?.perSecond ?? channel.abilities.budget.perSecond,
    }));

  async function send(message: Claimed): Promise<void> {
    const began = clock.now();
    const outcome = isWindowClosed(message) ? WINDOW_CLOSED : await channel.send(wire(message)).catch(ourBug);
    watch.sent?.(reportOf(message, outcome, began));
    await outcomes.add({ message, outcome }).catch((error: unknown) => {
      log.error(
        { message: message.id, error: messageOf(error) },
        "the outcome of a send could not be saved; receipts will settle it",
      );
    });
  }

  const reportOf = (message: Claimed, outcome: SendOutcome, began: Instant): SendReport => ({
    messageId: message.id,
    conversationId: message.conversationId,
    callId: message.inviteOf,
    channel: channel.name,
    account: message.account,
    outcome,
    attempt: message.attempts,
    began,
    ended: clock.now(),
  });

  /** A send that throws is our own bug: it may have left, so it is not repeated. */
  function ourBug(error: unknown): SendOutcome {
    log.error(
      { channel: channel.name, error: error instanceof Error ? error.name : "unknown" },
      "a channel threw while sending",
    );
    return { kind: "unclear", words: "the channel failed" };
  }

  const wire = ({ id, account, address, content, replyTo }: Claimed): OutboundMessage => ({
    id,
    to: { channel: channel.name, account, id: address },
    content,
    ...(replyTo === null ? {} : { replyTo }),
    ...(content.kind === "media" ? { openFile: () => store.open(content.sha256) } : {}),
  });

  function isWindowClosed({ content, lastInboundAt }: Claimed): boolean {
    const { freeTextWindowMs } = channel.abilities;
    if (freeTextWindowMs === null || content.kind === "template") return false;
    return lastInboundAt === null || clock.now() >= later(lastInboundAt, millis(freeTextWindowMs));
  }

  async function saveFates(queries: Queries, sent: Sent[]): Promise<boolean> {
    const now = clock.now();
    const hasNext = await settle(
      queries,
      sent.map((one) => fateOf(one, now)),
    );
    await rememberAddresses(
      queries,
      sent.flatMap((one) => seenAddress(channel.name, one)),
      now,
    );
    await noteRefusals(queries, sent);
    await tendAlarms(queries, sent, now);
    return hasNext;
  }

  /** Who has blocked us may have done so while we were not listening: some time after they wrote last. */
  async function noteRefusals(queries: Queries, sent: Sent[]): Promise<void> {
    const words = new Map<string, Word & { blocked: boolean }>();
    for (const { message, outcome } of sent) {
      if (outcome.kind !== "refused" || !outcome.blocked) continue;
      const { account, address, lastInboundAt } = message;
      const when = { at: lastInboundAt ?? instant(0), turn: Number.MAX_SAFE_INTEGER };
      words.set(`${account} ${address}`, { channel: channel.name, account, address, blocked: true, ...when });
    }
    if (words.size > 0) await noteBlocks(queries, [...words.values()]);
  }

  async function saveWithNews(tx: Tx, sent: Sent[]): Promise<boolean> {
    const hasNext = await saveFates(tx, sent);
    for (const one of sent) {
      const { inviteOf, id } = one.message;
      for (const outcome of inviteOf === null ? [] : newsOf(one.outcome))
        await hooks.inviteProgress(tx, { callId: inviteOf!, messageId: id, outcome });
    }
    return hasNext;
  }

  async function tendAlarms(queries: Queries, sent: Sent[], now: Instant): Promise<void> {
    for (const { outcome, message } of sent) {
      if (outcome.kind !== "busy" || outcome.alarm === undefined) continue;
      const { account } = message;
      alarmed.set(account, true);
      await raiseAlarm(queries, { ...from(account), kind: "send", code: "busy", words: outcome.alarm }, now);
      log.error(from(account), "the account refuses everything; see the alarm");
    }
    const working = sent.filter(({ outcome }) => outcome.kind === "accepted").map(({ message }) => message.account);
    for (const account of new Set(working)) await endAlarm(queries, account, now);
  }

  async function endAlarm(queries: Queries, account: string, now: Instant): Promise<void> {
    const isAlarmed = alarmed.get(account) ?? (await hasAlarm(queries, from(account), now));
    if (isAlarmed) await endSendAlarms(queries, from(account), now);
    alarmed.set(account, false);
  }

  const from = (account: string) => ({ channel: channel.name, account });

  const pump: Pump = {
    name: `outbox ${channel.name}`,
    wokenBy: ["outbox"],
    work: () => feed(flow, take, send),
    nextDueAt: () => nextSendAt(back, channel.name, clock.now()),
  };
  return { pump, idle: () => flow.idle() };
}

const WINDOW_CLOSED: SendOutcome = {
  kind: "refused",
  because: "window-closed",
  code: "window_closed",
  words: "The customer has not written lately, so only a template may be sent.",
};

function fateOf({ message: { id, attempts }, outcome }: Sent, now: Instant): Fate {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "accepted", id, providerId: outcome.providerId, status: outcome.proves ?? "accepted" };
    case "refused":
      return { kind: "failed", id, error: { because: outcome.because, code: outcome.code, words: outcome.words } };
    case "busy":
      return { kind: "again", id, sendAt: tryAgainAt(now, outcome.retryAfterMs, attempts) };
    case "unclear":
      return { kind: "unclear", id, error: { because: null, code: "unclear", words: outcome.words } };
  }
}

function newsOf(outcome: SendOutcome): InviteProgress["outcome"][] {
  switch (outcome.kind) {
    case "accepted": {
      const { proves } = outcome;
      const proof = proves ? [{ kind: "status", status: proves, code: null, because: null } as const] : [];
      return [{ kind: "accepted" }, ...proof];
    }
    case "refused":
      return [{ kind: "refused", because: outcome.because, code: outcome.code }];
    case "busy":
      return [{ kind: "busy" }];
    case "unclear":
      return [{ kind: "unclear" }];
  }
}

/** Where the provider really sent it, when that differs from what we asked for. */
function seenAddress(channel: string, { message, outcome }: Sent): SeenAddress[] {
  if (outcome.kind !== "accepted" || outcome.address === undefined || outcome.address === message.address) return [];
  return [{ channel, address: outcome.address, conversationId: message.conversationId }];
}

import { recordEvents, type Tx } from "#db";
import type { Chat } from "#chat";
import { newId, newToken, type CallId, type Clock, type ContactId, type Instant, type JsonObject } from "#kit";
import type { Acceptance, Caller, Offerable, Refusal } from "./caller.ts";
import { contactOf } from "./contacts.ts";
import type { Deflection, DeflectionEvent } from "./core/deflection.ts";
import {
  decideOffer,
  overLimit,
  shareOf,
  type OfferDecision,
  type OfferInputs,
  type OfferLimits,
} from "./core/offer.ts";
import { isOpen, type Brands } from "#company";
import type { Deflector } from "./deflector.ts";
import { insertOffered, loadDeflection, type DeflectionRow } from "./deflections.ts";
import { acceptedLastMinute, historyOf, rememberAnswer } from "./memory.ts";
import { readRules, scheduleOf, type QueueRules } from "./rules.ts";

export interface OffersDeps {
  clock: Clock;
  chat: Pick<Chat, "room">;
  brands: Pick<Brands, "ofQueue">;
  deflector: Deflector;
  limits: OfferLimits;
}

/** Decides, makes and answers offers. */
export interface Offers {
  /** Decides, with every input stored; a positive decision is an offer made, so it must be spoken now. */
  consider(tx: Tx, moment: Offerable): Promise<OfferDecision>;
  /** The caller said yes. Null when there is no open offer. */
  accept(tx: Tx, caller: Caller, acceptance: Acceptance): Promise<Deflection | null>;
  decline(tx: Tx, caller: Caller, answer: Refusal): Promise<Deflection | null>;
}

/** Peak state as the sampler stores it beside the band of the queue. */
interface StoredPeak {
  on?: boolean;
  above?: boolean;
}

const DECLINED: Record<Refusal, DeflectionEvent> = {
  refused: { kind: "refused-by-caller" },
  silent: { kind: "caller-stayed-silent" },
  "no-number": { kind: "number-not-given" },
};

export function createOffers({ clock, chat, brands, deflector, limits }: OffersDeps): Offers {
  async function inputsOf(tx: Tx, moment: Offerable, rules: QueueRules, now: Instant): Promise<OfferInputs> {
    const { caller, waitSeconds, wasAbove } = moment;
    const peak = (moment.peak ?? {}) as StoredPeak;
    const { channel, waitSeconds: chatSeconds } = await chat.room(tx, caller);
    return {
      at: now,
      share: shareOf(caller.callId),
      switch: rules.offers,
      when: rules.when,
      open: isOpen(scheduleOf(rules, brands.ofQueue(caller.queue)), now),
      atPeak: peak.on ?? false,
      waitSeconds,
      wasAbove: wasAbove ?? peak.above ?? false,
      chat: { channel, waitSeconds: chatSeconds },
      caller: caller.kind,
      history: await historyOf(tx, caller.phone, caller.callId, now),
      acceptedLastMinute: await acceptedLastMinute(tx, caller.queue, now),
    };
  }

  async function answered(tx: Tx, caller: Caller, data: JsonObject) {
    await recordEvents(tx, [{ at: clock.now(), kind: "offer.answered", callId: caller.callId, data }]);
  }

  return {
    async consider(tx, moment) {
      const now = clock.now();
      const { caller, place } = moment;
      const rules = readRules(moment.rules);
      const inputs = await inputsOf(tx, moment, rules, now);
      const decision = decideOffer(inputs, withRules(limits, rules));
      await recordEvents(tx, [
        {
          at: now,
          kind: "offer.decided",
          callId: caller.callId,
          data: described(inputs, decision, place, caller.queue),
        },
      ]);
      if (moment.wasAbove === null && inputs.wasAbove !== decision.above)
        await rememberBand(tx, caller.queue, decision.above);
      if (decision.offer) await make(tx, caller, decision, now);
      return decision;
    },

    async accept(tx, caller, acceptance) {
      const row = await openOffer(tx, caller.callId);
      if (!row) return null;
      const now = clock.now();
      const { phone, mode, by } = acceptance;
      if (phone !== caller.phone && overLimit(await historyOf(tx, phone, caller.callId, now), now, limits)) {
        await answered(tx, caller, { answer: "number-used-lately", by });
        return deflector.tellRow(tx, row, DECLINED["no-number"]);
      }
      await answered(tx, caller, { answer: mode, by });
      await rememberAnswer(tx, { phone, callId: caller.callId, answer: "accepted", at: now });
      row.contactId = await consent(tx, caller, row.channel, acceptance, now);
      row.phone = phone;
      return deflector.tellRow(tx, row, { kind: "accepted-by-caller", mode }, { queue: caller.queue });
    },

    async decline(tx, caller, answer) {
      const row = await openOffer(tx, caller.callId);
      if (!row) return null;
      await answered(tx, caller, { answer });
      if (answer !== "no-number")
        await rememberAnswer(tx, { phone: caller.phone, callId: caller.callId, answer, at: clock.now() });
      return deflector.tellRow(tx, row, DECLINED[answer]);
    },
  };

  async function make(
    tx: Tx,
    caller: Caller,
    { channel, needsNumber }: Extract<OfferDecision, { offer: true }>,
    now: Instant,
  ) {
    const isFirst = await insertOffered(tx, { callId: caller.callId, channel, token: newToken(18), at: now });
    if (!isFirst) await deflector.tell(tx, caller.callId, { kind: "offered-again" });
    await recordEvents(tx, [
      { at: now, kind: "offer.made", callId: caller.callId, data: { channel, needsNumber, again: !isFirst } },
    ]);
  }

  /** Append-only proof: which key, of which call, after which words. */
  async function consent(
    tx: Tx,
    caller: Caller,
    channel: string,
    { phone, by, wording }: Acceptance,
    now: Instant,
  ): Promise<ContactId> {
    const contactId = await contactOf(tx, clock, { phone, locale: caller.locale });
    const proof = { callId: caller.callId, by, at: new Date(now).toISOString() };
    await tx.query(CONSENT, [tx.tenant, newId(now), contactId, channel, wording, JSON.stringify(proof), new Date(now)]);
    await tx.query(KNOWN_CALLER, [tx.tenant, caller.callId, contactId]);
    return contactId;
  }
}

async function openOffer(tx: Tx, callId: CallId): Promise<DeflectionRow | null> {
  const row = await loadDeflection(tx, callId);
  return row?.state.at === "offered" ? row : null;
}

const withRules = (limits: OfferLimits, rules: QueueRules): OfferLimits => ({
  ...limits,
  thresholdSeconds: rules.aboveSeconds ?? limits.thresholdSeconds,
  holdOutPercent: rules.holdOutPercent ?? limits.holdOutPercent,
});

/** All that a replay of the decision needs. The number itself is not among it. */
function described(inputs: OfferInputs, decision: OfferDecision, place: number, queue: string): JsonObject {
  const { history, ...rest } = inputs;
  return {
    ...rest,
    history: { ...history },
    chat: { ...inputs.chat },
    place,
    queue,
    eligible: decision.eligible,
    above: decision.above,
    heldOut: !decision.offer && decision.because === "held-out",
    offer: decision.offer,
    reason: decision.offer ? "long-wait" : decision.because,
  };
}

async function rememberBand(tx: Tx, queue: string, above: boolean) {
  await tx.query(BAND, [tx.tenant, queue, JSON.stringify({ above })]);
}

const BAND = `
  insert into peak_mode (tenant, queue, state) values ($1, $2, $3::jsonb)
  on conflict (tenant, queue) do update set state = peak_mode.state || excluded.state`;

const CONSENT = `
  insert into consent (tenant, id, contact_id, purpose, channel, wording, source, proof, at)
  values ($1, $2, $3, 'service-message', $4, $5, 'call', $6, $7)`;

const KNOWN_CALLER = `update call set contact_id = $3 where tenant = $1 and id = $2 and contact_id is null`;

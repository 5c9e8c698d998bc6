import { recordEvents, type Tx, type Wakes } from "#db";
import type { CallId, JsonObject, MessageId } from "#kit";
import { dueAt, step, type Deflection, type DeflectionEvent, type DeflectionRules } from "./core/deflection.ts";
import { entriesFor } from "./core/journal.ts";
import { lesson } from "./core/reach.ts";
import { loadDeflection, saveDeflection, type DeflectionRow } from "./deflections.ts";
import { carryOut, type EffectDeps, type News } from "./effects.ts";
import { learn } from "./memory.ts";

export interface DeflectorDeps extends EffectDeps {
  wakes: Pick<Wakes, "wake">;
  rules: DeflectionRules;
}

/** Loads, decides, saves. The decision is `step`; network effects leave as jobs saved in the same transaction. */
export interface Deflector {
  /** Tells the deflection of this call what happened. Null when the call was never offered anything. */
  tell(tx: Tx, callId: CallId, event: DeflectionEvent, facts?: JsonObject): Promise<Deflection | null>;
  /** As `tell`, for news of a message: that of a channel given up since is only written down. */
  tellOfInvite(
    tx: Tx,
    invite: { callId: CallId; messageId: MessageId },
    event: DeflectionEvent,
    facts: JsonObject,
  ): Promise<void>;
  /** As `tell`, for a row the caller has loaded (and perhaps changed). */
  tellRow(tx: Tx, row: DeflectionRow, event: DeflectionEvent, facts?: JsonObject): Promise<Deflection>;
}

export function createDeflector(deps: DeflectorDeps): Deflector {
  const { clock, rules, wakes } = deps;

  /** One step with its effects; answers what the effects told at once. */
  async function once(tx: Tx, row: DeflectionRow, { event, facts }: News): Promise<News[]> {
    const now = clock.now();
    const before = row.state;
    const { state, effects } = step(before, event, now, rules);
    row.state = state;
    const about = { at: now, callId: row.callId, conversationId: row.conversationId };
    await recordEvents(
      tx,
      entriesFor(before, event, state, facts).map((entry) => Object.assign(entry, about)),
    );
    const taught = lesson(event);
    if (taught && row.phone) await learn(tx, { phone: row.phone, channel: row.channel, at: now, ...taught });
    const news: News[] = [];
    for (const effect of effects) {
      const answer = await carryOut(tx, row, effect, deps);
      if (answer) news.push(answer);
    }
    return news;
  }

  async function tellRow(tx: Tx, row: DeflectionRow, event: DeflectionEvent, facts: JsonObject = {}) {
    const before = row.state;
    const pending: News[] = [{ event, facts }];
    for (let news = pending.shift(); news; news = pending.shift()) pending.push(...(await once(tx, row, news)));
    if (row.state !== before) await saveDeflection(tx, row);
    if (dueAt(row.state) !== null) tx.afterCommit(() => wakes.wake("deflections"));
    return row.state;
  }

  return {
    tellRow,
    async tell(tx, callId, event, facts) {
      const row = await loadDeflection(tx, callId);
      return row && tellRow(tx, row, event, facts);
    },
    async tellOfInvite(tx, { callId, messageId }, event, facts) {
      const row = await loadDeflection(tx, callId);
      if (row?.messageId === messageId) await tellRow(tx, row, event, facts);
      else if (row)
        await recordEvents(tx, [
          { at: clock.now(), kind: "invite.superseded", callId, data: { ...facts, messageId, told: event.kind } },
        ]);
    },
  };
}

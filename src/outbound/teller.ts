import { recordEvents, type Tx, type Wakes } from "#db";
import type { Jobs } from "#jobs";
import { between, minutes, unreachable, type Clock, type JsonObject } from "#kit";
import { readRules } from "#router";
import type { CallbackEffect, CallbackEvent } from "./core/callback.ts";
import { entriesFor } from "./core/journal.ts";
import type { RetryRules } from "./core/retry.ts";
import { step } from "./core/step.ts";
import type { Lines } from "./lines.ts";
import { saveCallback, takeCallback, type CallbackRow } from "./store.ts";
import { JOB } from "./work.ts";

export interface TellerDeps {
  clock: Clock;
  jobs: Pick<Jobs, "add">;
  wakes: Pick<Wakes, "wake">;
  lines: Lines;
}

/** Loads, decides, saves. The decision is `step`; what speaks to a network leaves as a job saved in the same transaction. */
export interface Teller {
  /** Tells a callback what happened. Answers it as it is after that; null when there is none. */
  tell(tx: Tx, id: string, event: CallbackEvent, facts?: JsonObject): Promise<CallbackRow | null>;
  /** As `tell`, for a row the caller has taken (and perhaps changed). */
  tellRow(tx: Tx, row: CallbackRow, event: CallbackEvent, facts?: JsonObject): Promise<void>;
}

export function createTeller({ clock, jobs, wakes, lines }: TellerDeps): Teller {
  function carryOut(tx: Tx, { id }: CallbackRow, effect: CallbackEffect): Promise<void> {
    switch (effect.do) {
      case "dial":
        return jobs.add(tx, JOB.dial, { callback: id, dial: effect.dial });
      case "look-up":
        return jobs.add(tx, JOB.lookUp, { callback: id, dial: effect.dial });
      case "hang-up":
        return jobs.add(tx, JOB.hangUp, { call: effect.call });
      case "free-operator":
        return lines.rest(tx, effect.leg);
      default:
        return unreachable(effect);
    }
  }

  async function tellRow(tx: Tx, row: CallbackRow, event: CallbackEvent, facts: JsonObject = {}) {
    const now = clock.now();
    const before = row.state;
    const { state, effects } = step(before, event, now, rulesOf(row));
    if (state === before && effects.length === 0) return;
    row.state = state;
    await saveCallback(tx, row, now);
    const { id, callId, conversationId, contactId, operatorId } = row;
    const waitedMs = between(row.enqueuedAt, now);
    const about = { at: now, callId, conversationId, contactId, operatorId };
    await recordEvents(
      tx,
      entriesFor(before, state, effects).map(({ kind, data }) => ({
        ...about,
        kind,
        data: { callback: id, ...data, ...(kind === "callback.connected" && { waitedMs }), ...facts },
      })),
    );
    for (const effect of effects) await carryOut(tx, row, effect);
    tx.afterCommit(() => {
      wakes.wake("callbacks");
      wakes.wake("events");
    });
  }

  return {
    tellRow,
    async tell(tx, id, event, facts) {
      const row = await takeCallback(tx, id);
      if (row) await tellRow(tx, row, event, facts);
      return row;
    },
  };
}

function rulesOf({ rules }: CallbackRow): RetryRules {
  const { tries, noAnswerMinutes, busyMinutes } = readRules(rules).callbacks;
  return { tries, noAnswer: minutes(noAnswerMinutes), busy: minutes(busyMinutes) };
}

import type { Database } from "#db";
import type { Job, Jobs } from "#jobs";
import type { Clock } from "#kit";
import type { DialFound, Telephone } from "#voice";
import type { CallbackEvent, Found } from "./core/callback.ts";
import { nameDial } from "./reference.ts";
import { readCallback, takeCallback, type CallbackRow } from "./store.ts";
import type { Teller } from "./teller.ts";

/** Names of the background work of this room. */
export const JOB = { dial: "outbound.dial", lookUp: "outbound.look-up", hangUp: "outbound.hang-up" } as const;

export interface WorkDeps {
  db: Database;
  clock: Clock;
  telephone: Pick<Telephone, "dial" | "findDial" | "hangUp">;
  teller: Teller;
  settings: { CALLBACK_RING_SECONDS: number };
}

/**
 * What speaks to a network. A dial is marked as begun and committed before the request leaves: of two runs one dials, and
 * one that died leaves an unclear dial behind. Look-ups and hang-ups may be repeated.
 */
export function defineWork(jobs: Pick<Jobs, "define">, deps: WorkDeps): void {
  jobs.define(dialJob(deps));
  jobs.define(lookUpJob(deps));
  jobs.define(hangUpJob(deps));
}

type OfADial = { callback: string; dial: number };

const dialJob = ({ db, telephone, teller, settings }: WorkDeps): Job<OfADial> => ({
  name: JOB.dial,
  tries: 1,
  async run({ callback, dial }) {
    const begun = await db.tx((tx) => begin(tx));
    if (!begun) return;
    const { phone, hotline, operatorId } = begun;
    const reference = nameDial({ callback, dial });
    const ringSeconds = settings.CALLBACK_RING_SECONDS;
    const leg = { to: phone, from: hotline, reference, meeting: operatorId ?? "", ringSeconds };
    const outcome = await telephone.dial(leg);
    await db.tx((tx) => teller.tell(tx, callback, news(dial, outcome)));

    /** Answers the callback only when this run is the one that dials. */
    async function begin(tx: Parameters<Teller["tellRow"]>[0]): Promise<CallbackRow | null> {
      const row = await takeCallback(tx, callback);
      if (row?.state.at !== "dialling" || row.state.phone.is !== "asked" || row.state.dials !== dial) return null;
      await teller.tellRow(tx, row, { kind: "dial-begun", dial });
      return row;
    }
  },
});

function news(dial: number, outcome: Awaited<ReturnType<Telephone["dial"]>>): CallbackEvent {
  if (outcome.kind === "ringing") return { kind: "leg-alive", dial, call: outcome.providerCall };
  if (outcome.kind === "refused") return { kind: "dial-refused", dial, because: outcome.because };
  return { kind: "dial-unclear", dial };
}

const lookUpJob = ({ db, clock, telephone, teller }: WorkDeps): Job<OfADial> => ({
  name: JOB.lookUp,
  tries: 1,
  async run({ callback, dial }) {
    const row = await readCallback(db, callback);
    if (row?.state.at !== "dialling" || row.state.dials !== dial || !("since" in row.state.phone)) return;
    const { phone, legs } = row.state;
    const providerCall = "call" in phone ? phone.call : null;
    const asOf = clock.now();
    const found = await telephone.findDial({ to: row.phone, since: phone.since, providerCall, others: legs });
    await db.tx((tx) => teller.tell(tx, callback, { kind: "looked-up", dial, found: inOurWords(found), asOf }));
  },
});

function inOurWords(found: DialFound): Found {
  if (found.kind === "alive") return { is: "alive", call: found.providerCall };
  return found.kind === "over" ? { is: "over", how: found.how } : { is: found.kind };
}

const hangUpJob = ({ telephone }: WorkDeps): Job<{ call: string }> => ({
  name: JOB.hangUp,
  tries: 5,
  async run({ call }) {
    const how = await telephone.hangUp(call);
    if (how === "busy" || how === "unclear") throw new Error("The provider has not ended the call yet.");
  },
});

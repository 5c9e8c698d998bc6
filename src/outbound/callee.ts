import { nameOf, type Brands } from "#company";
import type { Database, Tx } from "#db";
import type { Locale } from "#kit";
import type { CalleeHandler, LegEnd, VoiceDocument, VoiceStep } from "#voice";
import type { CallbackEvent } from "./core/callback.ts";
import type { Lines } from "./lines.ts";
import { readDial } from "./reference.ts";
import { languageOf, readByLine, readCallback, type CallbackRow } from "./store.ts";
import type { Teller } from "./teller.ts";
import { catalogue } from "./texts/index.ts";

export interface CalleeDeps {
  db: Database;
  brands: Pick<Brands, "ofQueue">;
  teller: Teller;
  lines: Lines;
}

const HOLD: VoiceDocument = [{ do: "pause", seconds: 2 }];
/** The operator waits already: whoever is not there by then is not coming. */
const JOIN_SECONDS = 10;

const say = (text: string, locale: Locale): VoiceStep => ({ do: "say", text, locale });

/** What the two hear before they hear each other. */
export function createCallee({ db, brands, teller, lines }: CalleeDeps): CalleeHandler {
  /** Tells the callback of a leg; null for a leg that is none of ours. */
  async function tell(tx: Tx, reference: string, event: (dial: number) => CallbackEvent): Promise<CallbackRow | null> {
    const dial = readDial(reference);
    return dial && teller.tell(tx, dial.callback, event(dial.dial));
  }

  async function answered(tx: Tx, reference: string, call: string): Promise<VoiceDocument> {
    const row = await tell(tx, reference, (dial) => ({ kind: "picked-up", dial, call }));
    if (!row) return [{ do: "hang-up" }];
    const texts = catalogue[row.locale];
    if (!isAwaited(row, call)) return [say(texts.nobodyThere, row.locale), { do: "hang-up" }];
    const meeting = row.operatorId ?? "";
    return [
      say(texts.hello(row.queueName?.[row.locale] ?? nameOf(brands.ofQueue(row.queue), row.locale)), row.locale),
      { do: "join-meeting", meeting, reference, timeoutSeconds: JOIN_SECONDS },
    ];
  }

  async function joined(tx: Tx, reference: string): Promise<VoiceDocument> {
    const row = await tell(tx, reference, (dial) => ({ kind: "joined", dial }));
    if (row?.state.at !== "talking") return [];
    await lines.talk(tx, row.state.leg, row.id);
    const locale = await languageOf(tx, row.operatorId, row.locale);
    return [say(catalogue[locale].customerIsThere, locale)];
  }

  /** The first question tells that the operator is where the customer will be joined: only then is anybody rung. */
  async function waits(leg: string): Promise<VoiceDocument> {
    const row = await readByLine(db, leg);
    if (!row) return [{ do: "hang-up" }];
    const { state } = row;
    if (state.at === "dialling" && state.phone.is === "untouched")
      await db.tx((tx) => teller.tell(tx, row.id, { kind: "operator-ready", leg }));
    if (state.at === "dialling" || state.at === "talking") return HOLD;
    const locale = await languageOf(db, row.operatorId, row.locale);
    return [say(outcomeOf(row, locale), locale), { do: "hang-up" }];
  }

  return {
    calleeAnswered: (reference, call) => db.tx((tx) => answered(tx, reference, call)),
    async calleeAlive(reference, call) {
      await db.tx((tx) => tell(tx, reference, (dial) => ({ kind: "leg-alive", dial, call })));
    },
    async calleeGone(reference: string, how: LegEnd) {
      await db.tx((tx) => tell(tx, reference, (dial) => ({ kind: "leg-over", dial, how })));
    },
    meetingWaits: waits,
    meetingJoined: (reference) => db.tx((tx) => joined(tx, reference)),
    async meetingLeft(reference, met) {
      const dial = readDial(reference);
      const row = dial && (await readCallback(db, dial.callback));
      if (!row) return [{ do: "hang-up" }];
      const texts = catalogue[row.locale];
      return [say(met ? texts.goodbye : texts.nobodyThere, row.locale), { do: "hang-up" }];
    },
  };
}

/** An operator waits for just this leg. */
const isAwaited = ({ state }: CallbackRow, call: string) =>
  state.at === "dialling" &&
  state.leg !== null &&
  state.stop === null &&
  state.phone.is === "picked-up" &&
  state.phone.call === call;

const outcomeOf = ({ state }: CallbackRow, locale: Locale): string => {
  const { ended } = catalogue[locale];
  return state.at === "cancelled" || state.last === null ? ended.gone : ended[state.last.how];
};

import { createWakes, type Tx } from "#db";
import { openJobs } from "#jobs";
import {
  createSettableClock,
  inEveryLanguage,
  instant,
  later,
  newId,
  seconds,
  type CallId,
  type ConversationId,
  type Instant,
  type MessageId,
  type OperatorId,
} from "#kit";
import { readSettings } from "#config";
import { createIvr, ivrSettings, seedQueues } from "#ivr";
import { createRouter, routerSettings } from "#router";
import type { Invite, InviteProgress, Notice, ReachProbe } from "#chat";
import type { AnswerToAsk, OperatorLeg, PullOut, VoiceDocument, VoiceStep } from "#voice";
import type { Operator } from "#staff";
import { brandWith, oneBrand } from "../support/brands.ts";
import { freshDatabase } from "../support/database.ts";
import { createOperators } from "../../src/ivr/operators.ts";

type Ask = Extract<VoiceStep, { do: "ask" }>;

const START = instant(Date.UTC(2026, 10, 20, 12));
const RUSSIAN_LINE = "+74951000001";

/** A hotline on a real database; the messenger and the telephone are a few honest lines each. */
export async function openHotline(options: { env?: Record<string, string>; probe?: ReachProbe } = {}) {
  const db = await freshDatabase();
  const clock = createSettableClock(START);
  const wakes = await createWakes(db, clock);
  const errors: object[] = [];
  const log = { error: (fields: object) => void errors.push(fields) };
  const jobs = await openJobs(db, { clock, wakes, log, cron: false });
  const settings = readSettings(options.env ?? {}, { router: routerSettings, ivr: ivrSettings });

  const chat = {
    channel: "whatsapp-cloud" as string | null,
    waitSeconds: 0,
    available: true,
    invites: [] as Invite[],
    notices: [] as { notice: Notice; callId: CallId }[],
    room: async () => ({ channel: chat.channel, waitSeconds: chat.waitSeconds }),
    async invite(_tx: Tx, invite: Invite) {
      if (!chat.available) return "unavailable" as const;
      chat.invites.push(invite);
      return { conversationId: newId<ConversationId>(clock.now()), messageId: newId<MessageId>(clock.now()) };
    },
    async notify(_tx: Tx, _conversation: ConversationId, notice: Notice, callId: CallId) {
      chat.notices.push({ notice, callId });
    },
  };
  const telephone = {
    pulled: [] as PullOut[],
    rung: [] as OperatorLeg[],
    answer: "done" as "done" | "gone" | "busy" | "unclear",
    async pullOut(call: PullOut) {
      telephone.pulled.push(call);
      return telephone.answer;
    },
    async ringOperator(leg: OperatorLeg) {
      telephone.rung.push(leg);
      return { kind: "ringing" as const, providerCall: `leg-${leg.reference}` };
    },
  };
  const staff = {
    working: 6,
    online: async () => staff.working,
    guard: () => async () => {},
    operatorOf: () => {
      throw new Error("no routes here");
    },
  };

  const brands = oneBrand(brandWith({ name: inEveryLanguage("Колибри") }));
  const router = createRouter({
    db,
    clock,
    chat,
    brands,
    staff,
    telephone,
    probe: options.probe ?? null,
    jobs,
    wakes,
    settings: settings.router,
    log,
  });
  const ivr = createIvr({
    db,
    clock,
    router,
    company: { brands, refresh: async () => {} },
    staff,
    telephone,
    wakes,
    settings: settings.ivr,
  });
  const operators = createOperators({ db, clock, telephone, wakes, settings: settings.ivr });
  await seedQueues(db, [{ number: RUSSIAN_LINE, locale: "ru" }]);
  const { handler } = ivr;

  /** Runs every loop until nothing is left to do now. */
  async function settle() {
    const pumps = [...router.pumps, ...ivr.pumps, jobs.pump];
    for (let busy = true; busy;) {
      busy = false;
      for (const pump of pumps) if ((await pump.work()) > 0) busy = true;
    }
  }

  const callOf = async (providerCall: string) => {
    const [call] = await db.query<{
      id: CallId;
      status: string;
      endReason: string | null;
      enqueuedAt: Instant;
      phone: string | null;
      operatorId: string | null;
    }>(
      `select id, status, end_reason as "endReason", enqueued_at as "enqueuedAt", phone, operator_id as "operatorId" from call where provider_call = $1`,
      [providerCall],
    );
    return call!;
  };

  let waited = 0;
  return {
    db,
    clock,
    chat,
    telephone,
    staff,
    router,
    handler,
    operators,
    errors,
    settle,
    callOf,
    pass: (time: number) => clock.moveTo(later(clock.now(), seconds(time))),
    dial: (providerCall: string, from = "+79161234567", to = RUSSIAN_LINE) =>
      handler.arrived({ providerCall, from, to }),
    wait: (providerCall: string) =>
      handler.waiting(providerCall, { providerQueue: "QU1", position: 1, size: 1, waitedSeconds: waited++ }),
    answer: (providerCall: string, answer: AnswerToAsk) => handler.answered(providerCall, answer),
    /** Presses a key at the question of this document. */
    press: (providerCall: string, asked: VoiceDocument, digits: string) =>
      handler.answered(providerCall, { turn: askIn(asked).turn, digits, speech: "" }),
    /** So many callers of the same line who came before. */
    async crowd(count: number) {
      for (let i = 0; i < count; i++)
        await handler.arrived({ providerCall: `crowd-${i}`, from: `+7916000${1000 + i}`, to: RUSSIAN_LINE });
      clock.moveTo(later(clock.now(), seconds(1)));
    },
    async tellInvite(providerCall: string, outcome: InviteProgress["outcome"]) {
      const { id } = await callOf(providerCall);
      await db.tx((tx) => router.hooks.inviteProgress(tx, { callId: id, messageId: newId(clock.now()), outcome }));
    },
    async deflection(providerCall: string) {
      const { id } = await callOf(providerCall);
      const [row] = await db.query<{ state: Record<string, unknown> }>(
        "select state from deflection where call_id = $1",
        [id],
      );
      return row?.state ?? null;
    },
    async events(providerCall: string) {
      const { id } = await callOf(providerCall);
      return db.query<{ kind: string; data: Record<string, unknown> }>(
        "select kind, data from event where call_id = $1 order by seq",
        [id],
      );
    },
    async hire(phone: string | null): Promise<Operator> {
      const id = newId<OperatorId>(clock.now());
      await db.query(
        `insert into operator (tenant, id, email, name, password_hash, role, locale, languages, created_at) values ('main', $1, $2, 'Olga', 'x', 'operator', 'ru', '{ru}', now())`,
        [id, `${id}@example.org`],
      );
      await db.query(`insert into presence (tenant, operator_id, status, since) values ('main', $1, 'online', now())`, [
        id,
      ]);
      return { id, name: "Olga", email: "", role: "operator", locale: "ru", capacity: 4, phone };
    },
    callbacks: () =>
      db.query<{ reason: string; enqueuedAt: Instant; phone: string }>(
        `select reason, phone, enqueued_at as "enqueuedAt" from callback where status = 'waiting'`,
      ),
    async close() {
      await jobs.stop();
      await wakes.close();
      await db.drop();
    },
  };
}

export type Hotline = Awaited<ReturnType<typeof openHotline>>;

export function askIn(document: VoiceDocument): Ask {
  const ask = document.find((step): step is Ask => step.do === "ask");
  if (!ask) throw new Error(`Nothing is asked in ${JSON.stringify(document)}`);
  return ask;
}

/** Everything that is said in a document, prompts included. */
export const words = (document: VoiceDocument): string =>
  document
    .flatMap((step) => (step.do === "say" ? [step.text] : step.do === "ask" ? [words(step.prompt)] : []))
    .join(" ");

export const kinds = (document: VoiceDocument): string[] => document.map((step) => step.do);

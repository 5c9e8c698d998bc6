import { recordEvents, type Database, type Tx } from "#db";
import type { Chat, Notice, ReachProbe } from "#chat";
import type { Job, Jobs } from "#jobs";
import type { CallId, Clock, ConversationId, PhoneNumber } from "#kit";
import type { Telephone } from "#voice";
import { learn } from "./memory.ts";
import type { Deflector } from "./deflector.ts";

/** Names of the background work of this room. */
export const JOB = { probe: "router.probe", pullOut: "router.pull-out", notifyChat: "router.notify-chat" } as const;

export interface WorkDeps {
  db: Database;
  clock: Clock;
  chat: Pick<Chat, "notify">;
  telephone: Pick<Telephone, "pullOut">;
  probe: ReachProbe | null;
  deflector: Deflector;
}

/**
 * What speaks to a network. Each may run twice or be lost with its process: a lost probe is overdue after its time,
 * a lost pull-out is made good by the next wait document, and a repeated notice finds itself in the event log.
 */
export function defineWork(jobs: Pick<Jobs, "define">, deps: WorkDeps): void {
  jobs.define(probeJob(deps));
  jobs.define(pullOutJob(deps));
  jobs.define(notifyJob(deps));
}

const probeJob = ({ db, clock, probe, deflector }: WorkDeps): Job<{ callId: CallId }> => ({
  name: JOB.probe,
  tries: 1,
  async run({ callId }) {
    const [row] = await db.query<{ phone: PhoneNumber; channel: string }>(ADDRESSEE, [db.tenant, callId]);
    if (!row || !probe) return;
    const reach = await probe.find(row.phone).catch(() => "unknown" as const);
    await db.tx(async (tx) => {
      await deflector.tell(tx, callId, { kind: "reach-known", reach }, { source: "probe" });
      if (reach !== "unknown") await learn(tx, { ...row, verdict: reach, source: "probe", at: clock.now() });
    });
  },
});

const pullOutJob = ({ db, telephone, deflector }: WorkDeps): Job<{ callId: CallId }> => ({
  name: JOB.pullOut,
  tries: 1,
  async run({ callId }) {
    const [row] = await db.query<{ at: string; providerCall: string; providerQueue: string | null }>(
      PLACE_AT_PROVIDER,
      [db.tenant, callId],
    );
    if (row?.at !== "leaving" || row.providerQueue === null) return;
    const how = await telephone.pullOut({ providerQueue: row.providerQueue, providerCall: row.providerCall });
    if (how !== "done") await db.tx((tx) => deflector.tell(tx, callId, { kind: "pull-out-failed", how }));
  },
});

const notifyJob = ({ db, clock, chat }: WorkDeps): Job<{ callId: CallId; notice: Notice }> => ({
  name: JOB.notifyChat,
  tries: 5,
  run: ({ callId, notice }) =>
    db.tx(async (tx) => {
      const [row] = await tx.query<{ conversationId: ConversationId | null }>(CONVERSATION, [
        tx.tenant,
        callId,
        `${callId} ${notice}`,
      ]);
      if (!row?.conversationId || (await wasTold(tx, callId, notice))) return;
      await chat.notify(tx, row.conversationId, notice, callId);
      await recordEvents(tx, [
        { at: clock.now(), kind: "chat.told", callId, conversationId: row.conversationId, data: { notice } },
      ]);
    }),
});

const wasTold = async (tx: Tx, callId: CallId, notice: Notice) =>
  (await tx.query(TOLD, [tx.tenant, callId, notice])).length > 0;

const ADDRESSEE = `select phone, channel from deflection where tenant = $1 and call_id = $2 and phone is not null and at = 'checking'`;

const PLACE_AT_PROVIDER = `
  select d.at, c.provider_call as "providerCall", c.provider_queue as "providerQueue"
  from deflection d join call c on c.tenant = d.tenant and c.id = d.call_id where d.tenant = $1 and d.call_id = $2`;

/** The advisory lock lets one of two runs of the same notice look first. */
const CONVERSATION = `
  select conversation_id as "conversationId", pg_advisory_xact_lock(hashtextextended($3, 0))
  from deflection where tenant = $1 and call_id = $2`;

const TOLD = `select 1 from event where tenant = $1 and call_id = $2 and kind = 'chat.told' and data ->> 'notice' = $3 limit 1`;

import type { WhatsApp } from "../../sim/whatsapp/index.ts";
import type { Accepted } from "../../sim/whatsapp/world.ts";
import type { Asker } from "./customers.ts";
import type { Caller } from "./callers.ts";
import type { Stage } from "./stage.ts";

/** What was counted at the stand-ins, and in the database only where it is said. */
export interface Count {
  /** Questions customers wrote. */
  written: number;
  /** Of those, how many the product's inbox holds, and how many its conversations hold: each once and in order. */
  inInbox: number;
  inConversations: number;
  answered: number;
  /** Never answered. */
  lost: number;
  answeredTwice: number;
  /** Of those twice: sends repeated under the same id and marked so, because their fate was unknown after a kill. */
  repeatedAndMarked: number;
  /** Replies that fit no question at their place. */
  outOfOrder: number;
  calls: number;
  pressed: number;
  /** Ended by us after the farewell, the message being on the caller's phone before. */
  movedToChat: number;
  /** Ended by us without a message on the phone. */
  wrongHangUps: number;
  /** Cut off by an error. */
  brokenCalls: number;
  hungUpThemselves: number;
  stillInQueue: number;
  /** Neither over nor in the queue. */
  nowhere: number;
  templates: number;
  /** Callers who got more than one invite. */
  invitedTwice: number;
  /** Hung up after we had taken the press in, and have neither an invite nor, in the database, a place to be called back. */
  goneUninvited: number;
  /** Database: events not worked on, sends without an end, offers overdue. */
  stuckRows: number;
  /** Database: calls it believes to be waiting although they are over. */
  ghostCalls: number;
  /** Database, since the first start: sends without any receipt that were repeated, and how often the most unlucky one. */
  resent: number;
  mostRepeats: number;
  /** Database: sends left unknown, and conversations given to people for that. */
  leftUnknown: number;
  handedOver: number;
}

/** Recounts everything of these customers and callers. */
export async function recount(stage: Stage, askers: Asker[], callers: Caller[]): Promise<Count> {
  const { repeats, ...answers } = countAnswers(stage, askers);
  const marked = await stage.query<{ n: number }>(MARKED, [repeats]);
  return {
    ...answers,
    repeatedAndMarked: marked[0]!.n,
    ...(await countStored(stage, askers)),
    ...countCalls(stage, callers),
    ...(await countRows(stage, callers)),
  };
}

const MARKED = "select count(*)::int as n from message where id = any ($1::uuid[]) and meta ? 'repeats'";

/** Walks through what each customer got, question by question. `repeats` are our ids of what was sent again. */
function countAnswers({ whatsapp }: Stage, askers: Asker[]) {
  const sent = sentTo(whatsapp.accepted);
  const total = { written: 0, answered: 0, lost: 0, answeredTwice: 0, outOfOrder: 0, repeats: [] as string[] };
  for (const { waId, questions } of askers) {
    const replies = sent.get(waId) ?? [];
    let next = 0;
    const ids = new Set<string>();
    for (const { messageId, shown } of replies) {
      const id = messageId ?? "";
      const isRepeat = ids.has(id);
      ids.add(id);
      if (!isRepeat && next < questions.length && shown.text.includes(questions[next]!.answer)) next += 1;
      else if (isRepeat || (next > 0 && shown.text.includes(questions[next - 1]!.answer))) {
        total.answeredTwice += 1;
        if (isRepeat) total.repeats.push(id);
      } else total.outOfOrder += 1;
    }
    total.written += questions.length;
    total.answered += next;
    total.lost += questions.length - next;
  }
  return total;
}

function sentTo(accepted: readonly Accepted[]): Map<string, Accepted[]> {
  const sent = new Map<string, Accepted[]>();
  for (const one of accepted) sent.set(one.waId, [...(sent.get(one.waId) ?? []), one]);
  return sent;
}

const INBOX = `select count(distinct event ->> 'providerId')::int as n from inbox where event ->> 'kind' = 'message' and event ->> 'providerId' = any ($1)`;
const SAID = `
  select address, array_agg(provider_id order by id) as ids from message
  where author = 'customer' and address = any ($1) group by address`;

/** The same messages, the same order, no one twice. */
async function countStored({ query }: Stage, askers: Asker[]) {
  const [inbox] = await query<{ n: number }>(INBOX, [askers.flatMap(({ questions }) => questions.map(({ id }) => id))]);
  const said = await query<{ address: string; ids: string[] }>(SAID, [askers.map(({ waId }) => waId)]);
  const stored = new Map(said.map(({ address, ids }) => [address, ids]));
  let inConversations = 0;
  for (const { waId, questions } of askers) {
    const ids = stored.get(waId) ?? [];
    if (ids.length === questions.length)
      inConversations += questions.filter(({ id }, place) => ids[place] === id).length;
  }
  return { inInbox: inbox!.n, inConversations };
}

const heardFarewell = ({ phone }: Caller) => phone.heard.some(({ text }) => text.startsWith("Сообщение доставлено"));

/** The invite was on the phone before the call was over. */
const hadMessage = (whatsapp: WhatsApp, { waId, phone }: Caller) =>
  whatsapp
    .customer(waId)
    .inbox.some(({ kind, at }) => kind === "template" && phone.endedAt !== null && at <= phone.endedAt);

function countCalls({ whatsapp }: Stage, callers: Caller[]) {
  const sent = sentTo(whatsapp.accepted);
  const templatesOf = (waId: string) => (sent.get(waId) ?? []).filter(({ body }) => body.type === "template");
  const isMoved = (caller: Caller) => heardFarewell(caller) && hadMessage(whatsapp, caller);
  const endedBy = (who: string) => callers.filter(({ phone }) => phone.endedBy === who);
  const ours = endedBy("detour");
  const live = callers.filter(({ phone }) => phone.endedAt === null);
  return {
    calls: callers.length,
    pressed: callers.filter(({ pressed }) => pressed).length,
    movedToChat: ours.filter(isMoved).length,
    wrongHangUps: ours.filter((caller) => !isMoved(caller)).length,
    brokenCalls: endedBy("error").length,
    hungUpThemselves: endedBy("caller").length,
    stillInQueue: live.filter(({ phone }) => phone.inQueue).length,
    nowhere: live.filter(({ phone }) => !phone.inQueue).length,
    templates: callers.reduce((sum, { waId }) => sum + templatesOf(waId).length, 0),
    invitedTwice: callers.filter(({ waId }) => templatesOf(waId).length > 1).length,
  };
}

const STUCK = `
  select (select count(*) from inbox where processed_at is null)::int as inbox,
    (select count(*) from message where status in ('queued', 'sending') or (status = 'unclear' and claimed_by is not null))::int as sends,
    (select count(*) from deflection where due_at < now() - interval '10 seconds')::int as offers,
    (select count(*) from conversation where due_at < now() - interval '10 seconds')::int as bursts`;

/** What still has to be done, by kind. */
export const stuck = async ({ query }: Pick<Stage, "query">) =>
  (await query<{ inbox: number; sends: number; offers: number; bursts: number }>(STUCK))[0]!;

const GONE = `
  select count(*)::int as n from deflection d join call c on c.tenant = d.tenant and c.id = d.call_id
  where c.provider_call = any ($1) and d.at not in ('offered', 'kept')
    and not exists (select 1 from callback b where b.tenant = d.tenant and b.call_id = d.call_id)`;

const SENT_AGAIN = `
  select count(*) filter (where kind = 'message.resent')::int as resent,
    coalesce(max((data ->> 'repeat')::int) filter (where kind = 'message.resent'), 0) as "mostRepeats",
    count(*) filter (where kind = 'message.unknown')::int as "leftUnknown",
    count(*) filter (where kind = 'chat.handed-over' and data ->> 'because' = 'delivery-unknown')::int as "handedOver"
  from event`;

type SentAgain = Pick<Count, "resent" | "mostRepeats" | "leftUnknown" | "handedOver">;

async function countRows(stage: Stage, callers: Caller[]) {
  const { inbox, sends, offers, bursts } = await stuck(stage);
  const over = callers.filter(({ phone }) => phone.endedAt !== null).map(({ phone }) => phone.sid);
  const ghosts = await stage.query<{ n: number }>(
    "select count(*)::int as n from call where status <> 'ended' and provider_call = any ($1)",
    [over],
  );
  const uninvited = callers.filter(
    ({ waId, phone }) => phone.endedBy === "caller" && !stage.whatsapp.accepted.some((sent) => sent.waId === waId),
  );
  const gone = await stage.query<{ n: number }>(GONE, [uninvited.map(({ phone }) => phone.sid)]);
  const [sentAgain] = await stage.query<SentAgain>(SENT_AGAIN);
  return {
    goneUninvited: gone[0]!.n,
    stuckRows: inbox + sends + offers + bursts,
    ghostCalls: ghosts[0]!.n,
    ...sentAgain!,
  };
}

import { recordEvents, type Tx } from "#db";
import type { ChatHooks, InviteProgress } from "#chat";
import type { CallId, ContactId, Instant, JsonObject, PhoneNumber } from "#kit";
import { unreachable } from "#kit";
import type { Callbacks } from "./callbacks.ts";
import type { DeflectionEvent } from "./core/deflection.ts";
import type { Deflector } from "./deflector.ts";

export interface HooksDeps {
  callbacks: Pick<Callbacks, "ask">;
  deflector: Deflector;
}

/** The part of the chat's news that concerns the router. */
export type RouterHooks = Omit<ChatHooks, "closedByOperator">;

/** What the chat tells about invites and the customers they brought. */
export function createHooks({ callbacks, deflector }: HooksDeps): RouterHooks {
  return {
    async inviteProgress(tx, progress) {
      const { event, facts } = read(progress);
      await deflector.tellOfInvite(tx, progress, event, facts);
    },

    async customerEngaged(tx, { callId, conversationId, at }) {
      await recordEvents(tx, [{ at, kind: "chat.engaged", callId, conversationId }]);
    },

    async callMe(tx, { conversationId, callId, contactId, at }) {
      const place = await placeOf(tx, callId, contactId, at);
      if (!place) return "no-phone";
      return callbacks.ask(tx, { ...place, callId, contactId, conversationId, reason: "asked-in-chat" });
    },
  };
}

function read({ outcome }: InviteProgress): { event: DeflectionEvent; facts: JsonObject } {
  switch (outcome.kind) {
    case "accepted":
      return { event: { kind: "invite-accepted" }, facts: {} };
    case "status": {
      const { status, code, because } = outcome;
      return {
        event: { kind: "invite-status", status, notHere: because === "not-here" },
        facts: status === "failed" ? { code, because } : {},
      };
    }
    case "refused":
      return {
        event: { kind: "invite-refused", notHere: outcome.because === "not-here" },
        facts: { code: outcome.code, because: outcome.because },
      };
    case "busy":
      return { event: { kind: "invite-busy" }, facts: {} };
    case "unclear":
      return { event: { kind: "invite-unclear" }, facts: {} };
    default:
      return unreachable(outcome);
  }
}

interface KeptPlace {
  queue: string;
  phone: PhoneNumber;
  enqueuedAt: Instant;
}

/** The place of the call the chat came from; without one the customer joins the end of the conversation's queue. */
async function placeOf(tx: Tx, callId: CallId | null, contactId: ContactId, at: Instant): Promise<KeptPlace | null> {
  const [row] = await tx.query<{ queue: string | null; phone: PhoneNumber | null; enqueuedAt: Instant | null }>(PLACE, [
    tx.tenant,
    callId,
    contactId,
  ]);
  if (!row?.phone || !row.queue) return null;
  return { queue: row.queue, phone: row.phone, enqueuedAt: row.enqueuedAt ?? at };
}

const PLACE = `
  select coalesce(c.queue, (select queue from conversation where tenant = $1 and contact_id = $3 order by opened_at desc limit 1)) as queue,
         coalesce(c.phone, d.phone, (select address from identity where tenant = $1 and contact_id = $3 and channel = 'phone' limit 1)) as phone,
         c.enqueued_at as "enqueuedAt"
  from (select 1) as one
  left join call c on c.tenant = $1 and c.id = $2
  left join deflection d on d.tenant = $1 and d.call_id = $2`;

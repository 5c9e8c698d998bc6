import type { ChatHooks } from "#chat";
import type { Database } from "#db";
import type { OperatorId } from "#kit";
import { isOver } from "./core/callback.ts";
import { takeCallback } from "./store.ts";
import type { Teller } from "./teller.ts";

export type Dismissed = "dismissed" | "not-found" | "over" | "in-progress";

/** Ends of callbacks that are not calls. */
export interface Settling {
  /** Somebody says why the customer need not be called. */
  dismiss(id: string, by: OperatorId, why: string): Promise<Dismissed>;
  /** An operator has closed a chat in which the customer was answered after asking for the call. */
  closedByOperator: ChatHooks["closedByOperator"];
}

export function createSettling({ db, teller }: { db: Database; teller: Teller }): Settling {
  return {
    dismiss: (id, by, why) =>
      db.tx(async (tx): Promise<Dismissed> => {
        const row = await takeCallback(tx, id);
        if (!row) return "not-found";
        if (isOver(row.state)) return "over";
        row.note = why;
        await teller.tellRow(tx, row, { kind: "called-off", because: "dismissed" }, { by });
        const isOff = row.state.at === "cancelled" || (row.state.at === "dialling" && row.state.stop !== null);
        return isOff ? "dismissed" : "in-progress";
      }),

    async closedByOperator(tx, { conversationId, contactId }) {
      const answered = await tx.query<{ id: string }>(ANSWERED, [tx.tenant, conversationId, contactId]);
      for (const { id } of answered) await teller.tell(tx, id, { kind: "called-off", because: "chat" });
    },
  };
}

/** Callbacks of this customer that wait, where an operator wrote in the chat after they were asked for. */
const ANSWERED = `
  select b.id from callback b
  where b.tenant = $1 and b.status in ('waiting', 'retry', 'operator-ringing')
    and (b.conversation_id = $2 or b.contact_id = $3
      or b.call_id = (select call_id from conversation where tenant = $1 and id = $2)
      or b.phone in (select address from identity where tenant = $1 and contact_id = $3 and channel = 'phone'))
    and exists (
      select 1 from message m where m.tenant = $1 and m.conversation_id = $2 and m.author = 'operator' and m.at > b.created_at)
  order by b.id`;

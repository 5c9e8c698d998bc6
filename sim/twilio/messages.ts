import { millis } from "#kit";
import type { Instant } from "#kit";
import { API_VERSION } from "./forms.ts";
import type { Method } from "./webhook.ts";
import type { World } from "./world.ts";

type MessageStatus = "queued" | "sent" | "delivered" | "undelivered" | "failed";

/** One SMS the application sent. */
export interface Message {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly segments: number;
  readonly createdAt: Instant;
  status: MessageStatus;
  errorCode: number | null;
  sentAt: Instant | null;
  updatedAt: Instant;
}

/** What becomes of messages to one number. Unplanned ones are delivered. */
type MessagePlan = { status: "delivered" } | { status: "undelivered" | "failed"; errorCode: number };

/** SMS as Twilio sends it: accepted at once, its fate told later by status callbacks. */
export interface Messages {
  readonly all: readonly Message[];
  plan(to: string, plan: MessagePlan): void;
  send(order: { from: string; to: string; body: string; callback: { url: string; method: Method } | null }): Message;
}

const SENT_AFTER_MS = 500;
const FATE_AFTER_MS = 1500;

export function createMessages(world: World): Messages {
  const all: Message[] = [];
  const plans = new Map<string, MessagePlan>();

  return {
    all,
    plan: (to, plan) => void plans.set(to, plan),
    send({ callback, ...order }) {
      const now = world.clock.now();
      const message: Message = {
        sid: world.sid("SM"),
        ...order,
        segments: segmentsOf(order.body),
        createdAt: now,
        status: "queued",
        errorCode: null,
        sentAt: null,
        updatedAt: now,
      };
      all.push(message);

      const become = (status: MessageStatus, errorCode: number | null = null) => {
        message.status = status;
        message.errorCode = errorCode;
        message.updatedAt = world.clock.now();
        if (status === "sent") message.sentAt = message.updatedAt;
        if (callback) world.webhooks.tell({ ...callback, form: statusForm(world, message) });
      };
      const plan = plans.get(order.to) ?? { status: "delivered" };
      if (plan.status !== "failed") world.clock.after(millis(SENT_AFTER_MS), () => become("sent"));
      world.clock.after(millis(FATE_AFTER_MS), () => become(plan.status, "errorCode" in plan ? plan.errorCode : null));
      return message;
    },
  };
}

const statusForm = (world: World, message: Message) => ({
  MessageSid: message.sid,
  SmsSid: message.sid,
  AccountSid: world.accountSid,
  From: message.from,
  To: message.to,
  MessageStatus: message.status,
  SmsStatus: message.status,
  ApiVersion: API_VERSION,
  ...(message.errorCode === null ? {} : { ErrorCode: String(message.errorCode) }),
});

/** Latin text has 160 characters in one segment, anything else 70; a few less each when there are several. */
function segmentsOf(body: string): number {
  const [single, joined] = /^[\x20-\x7e\n\r]*$/.test(body) ? [160, 153] : [70, 67];
  return body.length <= single ? 1 : Math.ceil(body.length / joined);
}

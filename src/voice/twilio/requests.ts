import { z } from "zod";
import { PLAIN } from "./addresses.ts";

const sid = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`));
const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const word = z.string().regex(/^[a-z-]{1,32}$/);
const party = z.string().max(256);
const plain = z.string().regex(PLAIN);
const keys = z.string().regex(/^[0-9*#]{0,32}$/);
const NO_QUERY = {};
/** Ten minutes of talk would fit; nobody's answer is longer. */
const spoken = z.string().max(20_000);

/**
 * What we believe of each request, after its signature. The signed characters have no separators, so every
 * field Twilio always sends must be there, each in its format, and a query holds nothing but what we put into
 * the address: other spellings of the same characters fail here. Fields we do not know are ignored, for
 * Twilio adds new ones without notice.
 */
export function createRequests(accountSid: string) {
  const account = z.literal(accountSid);
  const call = {
    CallSid: sid("CA"),
    AccountSid: account,
    From: party,
    To: party,
    CallStatus: word,
    ApiVersion: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    Direction: word,
  };
  const ofLeg = { leg: plain };
  const place = { QueueSid: sid("QU"), QueuePosition: count, QueueTime: count, CurrentQueueSize: count };
  const joining = {
    CallSid: sid("CA"),
    AccountSid: account.optional(),
    QueueSid: sid("QU"),
    QueueTime: count,
    DequeingCallSid: sid("CA"),
  };
  return {
    call: request(call, NO_QUERY),
    waiting: request({ ...call, ...place, AvgQueueTime: count }, NO_QUERY),
    answer: z.object({
      form: z.looseObject({ ...call, Digits: keys.optional(), SpeechResult: spoken.optional() }).refine(hidesNoAnswer),
      query: z.strictObject({ turn: plain }),
    }),
    left: request({ ...call, QueueResult: word }, NO_QUERY),
    connecting: request(joining, NO_QUERY),
    status: request({ ...call, SequenceNumber: count.default(0) }, NO_QUERY),
    /** The operator's own leg: what it shall do, and how it ended. */
    operator: request(call, ofLeg),
    /** Somebody we dialled, and the operator who waits for them. */
    called: request(call, { ...ofLeg, meeting: plain }),
    calledStatus: request({ ...call, SipResponseCode: count.optional(), ErrorCode: count.optional() }, ofLeg),
    calledLeft: request({ ...call, DialCallStatus: word }, ofLeg),
    holding: request({ ...call, ...place, AvgQueueTime: count }, ofLeg),
    joined: request(joining, ofLeg),
  };
}

export type Requests = ReturnType<typeof createRequests>;

function request<Form extends z.ZodRawShape, Query extends z.ZodRawShape>(form: Form, query: Query) {
  return z.object({ form: z.object(form), query: z.strictObject(query) });
}

/**
 * Silence is told by leaving fields out, so leaving one out must not be another spelling of an answer. Fields are
 * signed in the order of their names: the keys would stand right before `Direction`.
 */
function hidesNoAnswer(form: Record<string, unknown>): boolean {
  const signed = Object.keys(form)
    .sort()
    .map((name) => name + String(form[name]))
    .join("");
  const hidesKeys = form["Digits"] === undefined && /Digits[0-9*#]{0,32}Direction/.test(signed);
  const hidesSpeech = form["SpeechResult"] === undefined && signed.includes("SpeechResult");
  return !hidesKeys && !hidesSpeech;
}

import { between } from "#kit";
import type { Clock } from "#kit";
import type { Call } from "./call.ts";
import type { Place } from "./queue.ts";
import type { Form } from "./signing.ts";

/** The parameters of Twilio's requests, by kind (test/fixtures/specs/twilio/webhook-params.json). */
export interface Forms {
  /** Stands in every request about a call. */
  standard(call: Call): Form;
  /** `waitUrl`: where the caller stands right now. */
  waiting(place: Place): Form;
  /** `Enqueue action`: how the call left the queue. */
  left(place: Place, result: string): Form;
  /** `Queue url`: what the caller hears before an operator. */
  whisper(place: Place, operator: Call): Form;
}

export const API_VERSION = "2010-04-01";

export function createForms(accountSid: string, clock: Clock): Forms {
  return {
    standard: (call) => ({
      CallSid: call.sid,
      AccountSid: accountSid,
      From: call.from,
      To: call.to,
      Caller: call.from,
      Called: call.to,
      CallStatus: call.status,
      Direction: call.direction,
      ApiVersion: API_VERSION,
      ...geography("From", call.from),
      ...geography("To", call.to),
    }),
    waiting: (place) => ({
      QueueSid: place.queue.sid,
      QueuePosition: String(place.position()),
      QueueTime: wholeSeconds(place.waitedMs()),
      AvgQueueTime: wholeSeconds(place.queue.averageWaitMs()),
      CurrentQueueSize: String(place.queue.places.length),
      MaxQueueSize: String(place.queue.maxSize),
    }),
    left: (place, result) => ({
      QueueResult: result,
      QueueSid: place.queue.sid,
      QueueTime: wholeSeconds(place.waitedMs()),
    }),
    whisper: (place, operator) => ({
      QueueSid: place.queue.sid,
      QueueTime: wholeSeconds(between(place.enqueuedAt, clock.now())),
      DequeingCallSid: operator.sid,
    }),
  };
}

const wholeSeconds = (ms: number) => String(Math.floor(ms / 1000));

/** Twilio knows cities for American numbers only; elsewhere these come empty. */
const geography = (side: "From" | "To", number: string): Form => ({
  [`${side}City`]: "",
  [`${side}State`]: "",
  [`${side}Zip`]: "",
  [`${side}Country`]: countryOf(number),
});

function countryOf(number: string): string {
  if (number.startsWith("+77")) return "KZ";
  if (number.startsWith("+7")) return "RU";
  return number.startsWith("+1") ? "US" : "";
}

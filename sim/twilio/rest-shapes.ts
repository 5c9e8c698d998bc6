import type { Instant } from "#kit";
import { rfc2822, secondsOf } from "./call.ts";
import type { Call } from "./call.ts";
import { API_VERSION } from "./forms.ts";
import type { Message } from "./messages.ts";
import type { Place, Queue } from "./queue.ts";
import type { World } from "./world.ts";

const at = (moment: Instant | null) => (moment === null ? null : rfc2822(moment));

/** The resources of the REST API as JSON. */
export function createShapes({ accountSid, number }: World) {
  const base = `/${API_VERSION}/Accounts/${accountSid}`;

  return {
    base,
    call: (call: Call) => {
      const uri = `${base}/Calls/${call.sid}`;
      return {
        sid: call.sid,
        account_sid: accountSid,
        api_version: API_VERSION,
        parent_call_sid: null,
        phone_number_sid: null,
        from: call.from,
        from_formatted: call.from,
        to: call.to,
        to_formatted: call.to,
        direction: call.direction,
        status: call.status,
        date_created: at(call.createdAt),
        date_updated: at(call.endedAt ?? call.answeredAt ?? call.createdAt),
        start_time: at(call.answeredAt),
        end_time: at(call.endedAt),
        duration: call.endedAt === null ? null : String(secondsOf(call)),
        price: null,
        price_unit: "USD",
        answered_by: null,
        forwarded_from: null,
        group_sid: null,
        caller_name: null,
        trunk_sid: null,
        queue_time: String(call.queuedMs),
        uri: `${uri}.json`,
        subresource_uris: { recordings: `${uri}/Recordings.json` },
      };
    },
    queue: (queue: Queue) => ({
      sid: queue.sid,
      account_sid: accountSid,
      friendly_name: queue.name,
      current_size: queue.places.length,
      average_wait_time: Math.floor(queue.averageWaitMs() / 1000),
      max_size: queue.maxSize,
      date_created: at(queue.createdAt),
      date_updated: at(queue.createdAt),
      uri: `${base}/Queues/${queue.sid}.json`,
    }),
    member: (place: Place, position: number) => ({
      call_sid: place.call.sid,
      queue_sid: place.queue.sid,
      date_enqueued: at(place.enqueuedAt),
      position,
      wait_time: Math.floor(place.waitedMs() / 1000),
      uri: `${base}/Queues/${place.queue.sid}/Members/${place.call.sid}.json`,
    }),
    message: (message: Message) => ({
      sid: message.sid,
      account_sid: accountSid,
      messaging_service_sid: null,
      api_version: API_VERSION,
      direction: "outbound-api",
      from: message.from,
      to: message.to,
      body: message.body,
      num_segments: String(message.segments),
      num_media: "0",
      status: message.status,
      error_code: message.errorCode,
      error_message: null,
      price: null,
      price_unit: "USD",
      date_created: at(message.createdAt),
      date_updated: at(message.updatedAt),
      date_sent: at(message.sentAt),
      uri: `${base}/Messages/${message.sid}.json`,
      subresource_uris: { media: `${base}/Messages/${message.sid}/Media.json` },
    }),
    incomingNumber: (sid: string) => ({
      sid,
      account_sid: accountSid,
      phone_number: number.number,
      friendly_name: number.number,
      api_version: API_VERSION,
      voice_url: number.voiceUrl,
      voice_method: "POST",
      voice_fallback_url: number.fallbackUrl ?? "",
      voice_fallback_method: "POST",
      status_callback: number.statusCallback ?? "",
      status_callback_method: "POST",
      capabilities: { voice: true, sms: true, mms: false, fax: false },
      status: "in-use",
      uri: `${base}/IncomingPhoneNumbers/${sid}.json`,
    }),
    /** One page of a list; `path` is the list's own address. */
    page<T>(name: string, path: string, items: T[], query: Record<string, unknown>) {
      const size = Math.max(1, Number(query["PageSize"] ?? 50));
      const page = Number(query["Page"] ?? 0);
      const shown = items.slice(page * size, (page + 1) * size);
      const link = (number: number) => `${path}?PageSize=${size}&Page=${number}`;
      return {
        [name]: shown,
        page,
        page_size: size,
        start: page * size,
        end: page * size + Math.max(0, shown.length - 1),
        uri: link(page),
        first_page_uri: link(0),
        next_page_uri: (page + 1) * size < items.length ? link(page + 1) : null,
        previous_page_uri: page > 0 ? link(page - 1) : null,
      };
    },
  };
}

export type Shapes = ReturnType<typeof createShapes>;

import { createHmac } from "node:crypto";
import { Agent } from "node:http";
import { days, millis } from "#kit";
import type { Clock, Millis } from "#kit";
import { ask, pathOf, pauseBefore } from "../kit/ask.ts";
import type { InFlight } from "../kit/inflight.ts";
import type { Journal } from "../kit/journal.ts";
import type { Random } from "../kit/random.ts";
import { metaJson } from "./bodies.ts";
import type { WebhookBody } from "./bodies.ts";
import type { WebhookKind, WhatsAppFaults } from "./faults.ts";

/** Meta's requests to the application: signed, repeated until answered with 200, with the faults of the day. */
export interface Courier {
  /** Sends a webhook; `arrived` is called when the application has taken it. Nobody waits. */
  send(kind: WebhookKind, body: WebhookBody, arrived?: () => void): void;
  /** Asks the application for the challenge, as Meta does when the webhook is set up. */
  greet(): Promise<boolean>;
  onWebhook(listener: (kind: WebhookKind, body: WebhookBody) => void): void;
  close(): void;
}

interface CourierDeps {
  clock: Clock;
  random: Random;
  faults: WhatsAppFaults;
  journal: Journal;
  inFlight: InFlight;
  appSecret: string;
  verifyToken: string;
  /** Where the application listens; null when nobody does yet. */
  address(): string | null;
}

const GIVE_UP: Millis = days(7);

export function createCourier(deps: CourierDeps): Courier {
  const { clock, random, faults, journal, inFlight } = deps;
  const agent = new Agent({ keepAlive: true });
  const line = { clock, agent };
  const listeners = new Set<(kind: WebhookKind, body: WebhookBody) => void>();
  let closed = false;

  const wait = (ms: number, then: () => void) => (ms > 0 ? void clock.after(millis(ms), then) : then());

  const deliver = async (parcel: Parcel, attempt: number): Promise<void> => {
    const address = deps.address();
    if (closed || address === null) return;
    const over = journal.open({
      from: "whatsapp",
      to: "detour",
      method: "POST",
      path: pathOf(address),
      params: parcel.body,
    });
    const { json: body } = parcel;
    const answer = await inFlight.track(ask(line, address, { method: "POST", headers: headersOf(parcel), body }));
    over(answer?.status ?? null);
    if (answer?.status === 200) return parcel.arrived();
    const pause = pauseBefore(attempt + 1);
    if (clock.now() + pause > parcel.startedAt + GIVE_UP) return;
    wait(pause, () => void deliver(parcel, attempt + 1));
  };

  return {
    send(kind, body, arrived = () => {}) {
      for (const listener of listeners) listener(kind, body);
      if (faults.callbacks.drop.includes(kind)) return;
      const json = metaJson(body);
      const parcel: Parcel = { body, json, signature: sign(json, deps.appSecret), startedAt: clock.now(), arrived };
      for (let copy = 0; copy <= faults.callbacks.extraCopies; copy += 1) {
        const late = faults.callbacks.delayMs + random.below(faults.callbacks.shuffleMs + 1);
        wait(late, () => void deliver(parcel, 0));
      }
    },
    async greet() {
      const address = deps.address();
      if (address === null) return false;
      const challenge = random.hex(10);
      const query = new URLSearchParams({
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": deps.verifyToken,
      });
      const answer = await ask(line, `${address}?${query}`, { method: "GET" });
      return answer?.status === 200 && answer.text === challenge;
    },
    onWebhook: (listener) => void listeners.add(listener),
    close() {
      closed = true;
      agent.destroy();
    },
  };
}

interface Parcel {
  body: WebhookBody;
  json: string;
  signature: string;
  startedAt: number;
  arrived: () => void;
}

/** Signs the bytes that are sent, as `X-Hub-Signature-256` does. */
const sign = (json: string, appSecret: string): string =>
  `sha256=${createHmac("sha256", appSecret).update(json).digest("hex")}`;

const headersOf = ({ json, signature }: Parcel) => ({
  "content-type": "application/json",
  "content-length": Buffer.byteLength(json),
  "user-agent": "facebookexternalua",
  "x-hub-signature-256": signature,
});

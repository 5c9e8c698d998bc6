import { days, instant, later, millis } from "#kit";
import type { Clock, Instant, Millis } from "#kit";
import { pathOf } from "../kit/ask.ts";
import type { InFlight } from "../kit/inflight.ts";
import type { Journal } from "../kit/journal.ts";
import type { Random } from "../kit/random.ts";
import { metaJson } from "./bodies.ts";
import type { WebhookBody } from "./bodies.ts";
import type { WebhookKind, WhatsAppFaults } from "./faults.ts";
import { createPost } from "./post.ts";
import type { Latencies } from "./world.ts";

/**
 * Meta's requests to the application: signed, repeated until answered with 200, with the faults of the day.
 *
 *     sent ─▶ on its way ─▶ taken
 *                 ▲  └─ not taken: at once, then in rounds ever further apart, together with whatever else is due
 *                 └───────────────────────┘
 *
 * Only so many requests are under way at a time, however much has piled up while nobody answered.
 */
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
  latencies: Latencies;
  journal: Journal;
  inFlight: InFlight;
  appSecret: string;
  verifyToken: string;
  /** Where the application listens; null when nobody does yet. */
  address(): string | null;
}

/** One copy of a webhook on its way. */
interface Update {
  body: WebhookBody;
  startedAt: Instant;
  tries: number;
  arrived: () => void;
}

const GIVE_UP: Millis = days(7);
const MOST_AT_ONCE = 50;
/** Meta puts up to 1,000 updates into one request. */
const MOST_TOGETHER = 100;
const ROUND_EVERY = 100;

export function createCourier(deps: CourierDeps): Courier {
  const { clock, random, faults, latencies, journal, inFlight } = deps;
  const post = createPost(clock, deps.appSecret);
  const listeners = new Set<(kind: WebhookKind, body: WebhookBody) => void>();
  /** Letters for which no connection is free yet. */
  const ready: Update[][] = [];
  const rounds = new Map<Instant, Update[]>();
  let underWay = 0;
  let closed = false;

  function hand(letter: Update[]): void {
    ready.push(letter);
    flow();
  }

  function flow(): void {
    while (underWay < MOST_AT_ONCE && ready.length > 0) void carry(ready.shift()!);
  }

  async function carry(letter: Update[]): Promise<void> {
    underWay += 1;
    const taken = await deliver(letter);
    underWay -= 1;
    for (const update of letter) {
      if (taken) update.arrived();
      else repeat(update);
    }
    flow();
  }

  async function deliver(letter: Update[]): Promise<boolean> {
    const address = deps.address();
    if (closed || address === null) return false;
    const params = joined(letter);
    const over = journal.open({ from: "whatsapp", to: "detour", method: "POST", path: pathOf(address), params });
    const status = await inFlight.track(post.send(address, metaJson(params)));
    over(status);
    return status === 200;
  }

  function repeat(update: Update): void {
    if (closed || deps.address() === null) return;
    update.tries += 1;
    if (update.tries === 1) return hand([update]);
    const pause = Math.min(1000 * 2 ** (update.tries - 2), latencies.repeat);
    const at = instant(Math.ceil((clock.now() + pause) / ROUND_EVERY) * ROUND_EVERY);
    if (at > later(update.startedAt, GIVE_UP)) return;
    const round = rounds.get(at);
    if (round) return void round.push(update);
    rounds.set(at, [update]);
    clock.after(millis(at - clock.now()), () => begin(at));
  }

  /** Everything that is due in this round, in as few letters as it fits into. */
  function begin(at: Instant): void {
    const due = rounds.get(at)!;
    rounds.delete(at);
    if (faults.callbacks.shuffleMs > 0) random.shuffle(due);
    for (let from = 0; from < due.length; from += MOST_TOGETHER) hand(due.slice(from, from + MOST_TOGETHER));
  }

  return {
    send(kind, body, arrived = () => {}) {
      for (const listener of listeners) listener(kind, body);
      if (faults.callbacks.drop.includes(kind)) return;
      for (let copy = 0; copy <= faults.callbacks.extraCopies; copy += 1) {
        const late = faults.callbacks.delayMs + random.below(faults.callbacks.shuffleMs + 1);
        const update: Update = { body, startedAt: clock.now(), tries: 0, arrived };
        if (late > 0) clock.after(millis(late), () => hand([update]));
        else hand([update]);
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
      const { status, text } = await post.get(`${address}?${query}`);
      return status === 200 && text === challenge;
    },
    onWebhook: (listener) => void listeners.add(listener),
    close() {
      closed = true;
      post.close();
    },
  };
}

const joined = (letter: Update[]): WebhookBody => ({
  object: letter[0]!.body.object,
  entry: letter.flatMap(({ body }) => body.entry),
});

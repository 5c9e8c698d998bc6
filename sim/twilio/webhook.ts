import { between, millis, unreachable } from "#kit";
import type { Clock } from "#kit";
import type { InFlight } from "../kit/inflight.ts";
import type { Journal } from "../kit/journal.ts";
import type { Random } from "../kit/random.ts";
import { readAddress } from "./address.ts";
import type { Failure } from "./address.ts";
import type { TwilioFaults } from "./faults.ts";
import { encodeForm, sign } from "./signing.ts";
import type { Form } from "./signing.ts";
import type { Exchange, Wire } from "./wire.ts";

export type Method = "GET" | "POST";

interface Webhook {
  /** As configured: may carry a fragment with overrides. */
  url: string;
  method: Method;
  form: Form;
}

/** Twilio's requests to the application: signed, repeated by the rules, with the faults of the day. */
export interface Webhooks {
  /** Resolves with the last attempt's end; 4xx and 5xx come back as answers. */
  ask(webhook: Webhook): Promise<Exchange>;
  /** Sends a status callback; nobody waits for it. */
  tell(webhook: Webhook): void;
  /** Sends nothing from now on. */
  stop(): void;
}

interface WebhookDeps {
  clock: Clock;
  wire: Wire;
  journal: Journal;
  inFlight: InFlight;
  random: Random;
  faults: TwilioFaults;
  authToken: string;
}

export function createWebhooks(deps: WebhookDeps): Webhooks {
  const { clock, random, faults } = deps;
  let stopped = false;

  const pause = (ms: number) =>
    ms > 0 ? new Promise<void>((resolve) => clock.after(millis(ms), resolve)) : Promise.resolve();

  const send = async (webhook: Webhook) => {
    const token = random.hex(32);
    for (let copy = 0; copy < faults.webhook.extraCopies; copy += 1) void attempts(deps, webhook, token);
    return await attempts(deps, webhook, token);
  };

  return {
    async ask(webhook) {
      await pause(faults.webhook.delayMs);
      return stopped ? { kind: "broken" } : await send(webhook);
    },
    tell(webhook) {
      if (random.chance(faults.webhook.dropChance)) return;
      const late = faults.webhook.delayMs + random.below(faults.webhook.shuffleMs + 1);
      void pause(late).then(() => (stopped ? null : send(webhook)));
    },
    stop() {
      stopped = true;
    },
  };
}

/** One request with its retries; all carry the same idempotency token. */
async function attempts(deps: WebhookDeps, webhook: Webhook, token: string): Promise<Exchange> {
  const { url, patience } = readAddress(webhook.url);
  const startedAt = deps.clock.now();
  for (let retriesLeft = patience.retries; ; retriesLeft -= 1) {
    const left = patience.totalMs - between(startedAt, deps.clock.now());
    const limits = { connectMs: Math.min(patience.connectMs, left), readMs: Math.min(patience.readMs, left) };
    const exchange = await once(deps, { ...webhook, url }, token, limits);
    const failure = failureOf(exchange);
    const mayRepeat = failure !== null && patience.retryOn.has(failure) && retriesLeft > 0;
    if (!mayRepeat || between(startedAt, deps.clock.now()) >= patience.totalMs) return exchange;
  }
}

async function once(
  { wire, journal, inFlight, authToken }: WebhookDeps,
  webhook: Webhook,
  token: string,
  limits: { connectMs: number; readMs: number },
): Promise<Exchange> {
  const isPost = webhook.method === "POST";
  const url = isPost ? webhook.url : withQuery(webhook.url, webhook.form);
  const { pathname, search } = new URL(url);
  const close = journal.open({
    from: "twilio",
    to: "detour",
    method: webhook.method,
    path: pathname + search,
    params: webhook.form,
  });
  const headers: Record<string, string> = {
    accept: "*/*",
    "user-agent": "TwilioProxy/1.1",
    "x-twilio-signature": sign(authToken, url, isPost ? webhook.form : {}),
    "i-twilio-idempotency-token": token,
  };
  if (isPost) headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8";
  const body = isPost ? encodeForm(webhook.form) : null;
  const exchange = await inFlight.track(wire.send({ method: webhook.method, url, headers, body, ...limits }));
  close(exchange.kind === "answered" ? exchange.status : null);
  return exchange;
}

function failureOf(exchange: Exchange): Failure | null {
  switch (exchange.kind) {
    case "not-connected":
      return "ct";
    case "too-late":
    case "broken":
      return "rt";
    case "answered":
      if (exchange.status >= 500) return "5xx";
      return exchange.status >= 400 ? "4xx" : null;
    default:
      return unreachable(exchange);
  }
}

const withQuery = (url: string, form: Form) => {
  const query = encodeForm(form);
  return query === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${query}`;
};

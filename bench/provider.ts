import { createHmac, randomBytes } from "node:crypto";
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A messenger that costs as little as possible, so that the program under test is what is measured. */
export interface Provider {
  url: string;
  /** Where webhooks go, one after the other. */
  webhooks: string[];
  /** How long the send API takes to answer. */
  latencyMs: number;
  /** Status webhooks after each message: 0, or 3 (sent, delivered, read). */
  statuses: 0 | 3;
  /** Status webhooks the program refused. */
  statusErrors: number;
  /** Sends one customer message; resolves with the milliseconds until it was acknowledged. */
  write(customer: string, text: string): Promise<number>;
  onReply: (customer: string) => void;
  /** Cuts every connection of the send API and refuses new ones. */
  fall(): void;
  rise(): Promise<void>;
  close(): void;
}

/** The business number of the bench, as Meta names it. */
export const NUMBER = "106540352242922";

type Sent = { to?: string; biz_opaque_callback_data?: string };

/** Listens on a free port and writes to the program's webhook with a valid signature. */
export async function startProvider(webhook: string, appSecret: string): Promise<Provider> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let count = 0;
  let turn = 0;
  const post = (value: object) => {
    const { webhooks } = provider;
    return deliver(webhooks[turn++ % webhooks.length]!, appSecret, agent, value);
  };

  const provider: Provider = {
    url: "",
    webhooks: [webhook],
    latencyMs: 0,
    statuses: 0,
    statusErrors: 0,
    onReply: () => {},
    write: (customer, text) =>
      post({
        contacts: [{ profile: { name: "Anna" }, wa_id: customer }],
        messages: [
          {
            from: customer,
            id: `wamid.${++count}.${randomBytes(6).toString("hex")}`,
            timestamp: seconds(),
            type: "text",
            text: { body: text },
          },
        ],
      }),
    fall() {
      server.close();
      server.closeAllConnections();
    },
    rise: () => listen(server, port),
    close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };

  function carryOut(body: Sent, answer: ServerResponse) {
    answer.setHeader("content-type", "application/json");
    if (!body.to) return answer.end('{"success":true}');
    const customer = body.to.replace("+", "");
    const id = `wamid.out.${++count}`;
    answer.end(
      JSON.stringify({
        messaging_product: "whatsapp",
        contacts: [{ input: body.to, wa_id: customer }],
        messages: [{ id }],
      }),
    );
    provider.onReply(customer);
    if (provider.statuses) report(id, customer, body);
  }

  function report(id: string, customer: string, { biz_opaque_callback_data }: Sent) {
    for (const status of ["sent", "delivered", "read"])
      post({
        statuses: [{ id, status, timestamp: seconds(), recipient_id: customer, biz_opaque_callback_data }],
      }).catch(() => provider.statusErrors++);
  }

  const server = createServer((incoming, answer) => {
    readJson(incoming, (body) => {
      if (provider.latencyMs) setTimeout(() => carryOut(body, answer), provider.latencyMs);
      else carryOut(body, answer);
    });
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  provider.url = `http://127.0.0.1:${port}`;
  return provider;
}

function readJson(incoming: IncomingMessage, take: (body: Sent) => void) {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => {
    const text = Buffer.concat(chunks).toString();
    // The telephone's API is asked with forms.
    take(text.startsWith("{") ? (JSON.parse(text) as Sent) : {});
  });
}

function deliver(webhook: string, appSecret: string, agent: Agent, value: object): Promise<number> {
  const change = {
    field: "messages",
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "1", phone_number_id: NUMBER },
      ...value,
    },
  };
  const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes: [change] }] });
  const signature = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "x-hub-signature-256": signature,
  };
  return post(webhook, agent, headers, body).then(({ ms }) => ms);
}

/** Posts and waits for the end of the answer; rejects when it is not a 2xx. */
export function post(
  url: string,
  agent: Agent,
  headers: Record<string, string | number>,
  body: string,
): Promise<{ ms: number; text: string }> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const out = request(url, { method: "POST", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode! < 300) resolve({ ms: performance.now() - start, text });
        else reject(new Error(`the webhook answered ${response.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    out.on("error", reject);
    out.end(body);
  });
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
const seconds = () => String(Math.floor(Date.now() / 1000));

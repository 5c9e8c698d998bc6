import { createHmac, randomBytes } from "node:crypto";
import { Agent, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A messenger that costs as little as possible, so that the program under test is what is measured. */
export interface Provider {
  url: string;
  /** How long the send API takes to answer. */
  latencyMs: number;
  /** Status webhooks after each message: 0, or 3 (sent, delivered, read). */
  statuses: 0 | 3;
  /** Sends one customer message; resolves with the milliseconds until it was acknowledged. */
  write(customer: string, text: string): Promise<number>;
  onReply: (customer: string) => void;
  close(): void;
}

const NUMBER = "106540352242922";

/** Listens on a free port and writes to the program's webhook with a valid signature. */
export async function startProvider(webhook: string, appSecret: string): Promise<Provider> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let count = 0;

  function post(value: object): Promise<number> {
    const change = { field: "messages", value: { messaging_product: "whatsapp", metadata: { display_phone_number: "1", phone_number_id: NUMBER }, ...value } };
    const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes: [change] }] });
    const signature = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), "x-hub-signature-256": signature };
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const out = request(webhook, { method: "POST", agent, headers }, (response) => {
        response.resume();
        response.on("end", () => (response.statusCode === 200 ? resolve(performance.now() - start) : reject(new Error(`webhook answered ${response.statusCode}`))));
      });
      out.on("error", reject);
      out.end(body);
    });
  }

  const provider: Provider = {
    url: "",
    latencyMs: 0,
    statuses: 0,
    onReply: () => {},
    write: (customer, text) =>
      post({
        contacts: [{ profile: { name: "Anna" }, wa_id: customer }],
        messages: [{ from: customer, id: `wamid.${++count}.${randomBytes(6).toString("hex")}`, timestamp: seconds(), type: "text", text: { body: text } }],
      }),
    close: () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };

  const server: Server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString() || "{}");
      const reply = () => {
        answer.setHeader("content-type", "application/json");
        if (!body.to) return answer.end('{"success":true}');
        const customer = String(body.to).replace("+", "");
        const id = `wamid.out.${++count}`;
        answer.end(JSON.stringify({ messaging_product: "whatsapp", contacts: [{ input: body.to, wa_id: customer }], messages: [{ id }] }));
        provider.onReply(customer);
        if (provider.statuses) {
          for (const status of ["sent", "delivered", "read"])
            void post({ statuses: [{ id, status, timestamp: seconds(), recipient_id: customer, biz_opaque_callback_data: body.biz_opaque_callback_data }] }).catch(() => {});
        }
      };
      if (provider.latencyMs) setTimeout(reply, provider.latencyMs);
      else reply();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  provider.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return provider;
}

const seconds = () => String(Math.floor(Date.now() / 1000));

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createPigeon, sign, type PigeonAccount } from "../../docs/examples/pigeon.ts";
import type { Webhook } from "#chat";
import { channelContract, type ContractStand, type Trouble } from "./channel-contract.ts";

const EXAMPLE = readFileSync(new URL("../../docs/examples/pigeon.ts", import.meta.url), "utf8");

it("the worked example is shown on its page as it is, in at most 200 lines", () => {
  const page = readFileSync(new URL("../../docs/adding-a-channel.md", import.meta.url), "utf8");

  expect(page).toContain("[docs/examples/pigeon.ts](examples/pigeon.ts)");
  expect(EXAMPLE.trimEnd().split("\n").length).toBeLessThanOrEqual(200);
});

/** Pigeon's server: takes messages, or suffers. */
async function startPigeon() {
  const received: string[] = [];
  let trouble: Trouble | null = null;
  const server = createServer(async (request, answer) => {
    if (trouble === "busy") return answer.writeHead(429, { "retry-after": "3" }).end();
    received.push((JSON.parse(await bodyOf(request)) as { text: string }).text);
    if (trouble === "cut-after") return void request.socket.destroy();
    if (trouble === "silent") return;
    answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: `p-${received.length}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close,
    async suffer(next: Trouble) {
      trouble = next;
      if (next === "down") await close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

const SECRET = "the bot's secret";
const signed = (body: Buffer): Webhook => ({
  headers: { "x-pigeon-signature": sign(body, SECRET) },
  query: {},
  account: null,
  rawBody: body,
});
const webhook = (update: object) => signed(Buffer.from(JSON.stringify(update)));

channelContract("the worked example, Pigeon", async (): Promise<ContractStand> => {
  const pigeon = await startPigeon();
  const { channel, connections } = createPigeon({ timeoutMs: 300 });
  const settings: PigeonAccount = { bot: "kubik", token: "the bot's token", secret: SECRET, baseUrl: pigeon.url };
  await connections.use([
    { id: "1", kind: "pigeon", account: "kubik", brand: null, name: "", source: "database", settings },
  ]);
  let written = 0;
  const write = (text: string) =>
    webhook({ event: "message", bot: "kubik", id: `m-${++written}`, from: "anna", text, at: 1_700_000_000 + written });

  return {
    channel,
    account: "kubik",
    customer: "anna",
    recorded: ["sent", "delivered", "read", "failed"].map((state) => ({
      name: state,
      webhook: webhook({ event: "state", bot: "kubik", id: "p-1", ref: "x", to: "anna", state, at: 1_700_000_000 }),
    })),
    write: async (text) => write(text),
    forge: (one) => ({ ...one, headers: { "x-pigeon-signature": "0".repeat(64) } }),
    sign: signed,
    provider: { suffer: (trouble) => pigeon.suffer(trouble), received: () => pigeon.received },
    outlast: async () => {},
    close: () => pigeon.close(),
  };
});

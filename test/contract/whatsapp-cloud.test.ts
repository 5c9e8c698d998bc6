import { createHmac } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import type { Webhook } from "../../src/chat/channel.ts";
import { createStand, credentials, phone } from "../whatsapp/stand.ts";
import { channelContract, type ContractStand, type Trouble } from "./channel-contract.ts";

const SPECS = new URL("../fixtures/specs/whatsapp/", import.meta.url);
const json = (file: string): unknown => JSON.parse(readFileSync(new URL(file, SPECS), "utf8"));

const examples = (): { name: string; body: object }[] => [
  ...Object.entries(json("examples.webhooks.json") as Record<string, { value?: object }>).map(([name, example]) => ({
    name,
    body: example.value ?? example,
  })),
  ...readdirSync(new URL("updates/", SPECS)).flatMap((file) =>
    Object.entries(json(`updates/${file}`) as Record<string, object>).map(([name, body]) => ({
      name: `${file} ${name}`,
      body,
    })),
  ),
];

function sign(body: Buffer): Webhook {
  const signature = createHmac("sha256", credentials.appSecret).update(body).digest("hex");
  return { headers: { "x-hub-signature-256": `sha256=${signature}` }, query: {}, account: null, rawBody: body };
}

channelContract("WhatsApp Cloud API", async (): Promise<ContractStand> => {
  const stand = await createStand();
  const { whatsapp } = stand;
  whatsapp.customer(phone).write("the window is open");
  await stand.pass(0);
  let last: Buffer = Buffer.alloc(0);
  whatsapp.onWebhook((_kind, body) => (last = Buffer.from(JSON.stringify(body))));

  return {
    channel: stand.channel,
    account: credentials.phoneNumberId,
    customer: phone,
    recorded: examples().map(({ name, body }) => ({ name, webhook: sign(Buffer.from(JSON.stringify(body))) })),
    async write(text) {
      whatsapp.customer(phone).write(text);
      await stand.pass(1000);
      return sign(last);
    },
    forge: (webhook) => ({ ...webhook, headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` } }),
    sign,
    provider: {
      suffer(trouble: Trouble) {
        const { api } = whatsapp.faults;
        if (trouble === "down") api.down = true;
        if (trouble === "busy") api.status = 429;
        if (trouble === "cut-after") api.cutAfterAccept = true;
        if (trouble === "silent") api.delayMs = 60_000;
      },
      received: () => whatsapp.accepted.map(({ shown }) => shown.text),
    },
    outlast: () => stand.pass(10_000),
    close: () => stand.close(),
  };
});

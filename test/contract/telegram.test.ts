import { later, millis } from "#kit";
import type { Webhook } from "../../src/chat/channel.ts";
import { recordedUpdates } from "../support/telegram-spec.ts";
import { createApplication } from "../telegram/application.ts";
import { BOT, createStand, PERSON } from "../telegram/stand.ts";
import { channelContract, type ContractStand, type Trouble } from "./channel-contract.ts";

const SECRET = "webhook-secret-of-the-stand-in";

/** The secret token proves the sender, not the body. */
const sign = (body: Buffer): Webhook => ({
  headers: { "x-telegram-bot-api-secret-token": SECRET },
  query: {},
  account: null,
  rawBody: body,
});

channelContract("Telegram", async (): Promise<ContractStand> => {
  const stand = await createStand();
  const { clock, messenger, telegram } = stand;
  const application = await createApplication();
  telegram.reach = () => application.url;
  stand.connect({ webhookSecret: SECRET });
  await stand.introduce();
  telegram.person(PERSON).start();
  await telegram.idle();

  return {
    channel: messenger.channel,
    account: BOT.token.split(":")[0]!,
    customer: String(PERSON),
    recorded: Object.entries(recordedUpdates).map(([name, update]) => ({
      name,
      webhook: sign(Buffer.from(JSON.stringify(update))),
    })),
    async write(text) {
      telegram.person(PERSON).write(text);
      await telegram.idle();
      return sign(Buffer.from(JSON.stringify(application.updates.at(-1))));
    },
    forge: (webhook) => ({ ...webhook, headers: { "x-telegram-bot-api-secret-token": "a guess" } }),
    sign,
    provider: {
      async suffer(trouble: Trouble) {
        const { api } = telegram.faults;
        if (trouble === "down") {
          await telegram.close();
          // Until the kept connection of the bot's introduction is known to have ended here as well.
          for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
        }
        if (trouble === "busy") api.status = 429;
        if (trouble === "cut-after") api.cutAfterAccept = true;
        if (trouble === "silent") api.delayMs = 60_000;
      },
      received: () => telegram.sent.map(({ params }) => params["text"] as string),
    },
    async outlast() {
      clock.moveTo(later(clock.now(), millis(10_000)));
    },
    async close() {
      await stand.close();
      await application.close();
    },
  };
});

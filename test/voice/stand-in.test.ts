import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { DatabaseGone } from "#db";
import { createSettableClock, instant, later, seconds } from "#kit";
import { createTwilioVoice } from "#voice/twilio";
import { createTwilio } from "../../sim/twilio/index.ts";
import { ACCOUNT, TOKEN, createFlow, settingsWith } from "./hotline.ts";

const HOTLINE = "+74951234567";
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Our telephone and the stand-in for Twilio, joined by real HTTP in both directions. */
async function join() {
  const clock = createSettableClock(instant(Date.UTC(2026, 10, 21, 9)));
  const publicUrl = await freeAddress();
  const number = {
    number: HOTLINE,
    voiceUrl: `${publicUrl}/voice/twilio/incoming`,
    statusCallback: `${publicUrl}/voice/twilio/status`,
  };
  const twilio = createTwilio({ clock, accountSid: ACCOUNT, authToken: TOKEN, number, seed: 7 });
  const { flow, handler } = createFlow();
  const logged: object[] = [];
  const log = {
    warn: (fields: object) => void logged.push(fields),
    error: (fields: object) => void logged.push(fields),
  };
  const settings = settingsWith({ TWILIO_BASE_URL: await twilio.listen(), TWILIO_NUMBER: HOTLINE });
  const voice = createTwilioVoice({ settings, publicUrl, handler: () => handler, log, clock });
  const app = Fastify({ forceCloseConnections: true });
  await app.register(voice.routes);
  await app.listen({ host: "127.0.0.1", port: Number(new URL(publicUrl).port) });
  closing.push(
    () => twilio.close(),
    () => app.close(),
  );

  return {
    twilio,
    handler,
    flow,
    logged,
    telephone: voice.telephone,
    async pass(forSeconds: number) {
      const until = later(clock.now(), seconds(forSeconds));
      await twilio.idle();
      for (let next = clock.nextTimerAt(); next !== null && next <= until; next = clock.nextTimerAt()) {
        clock.moveTo(next);
        await twilio.idle();
      }
      clock.moveTo(until);
      await twilio.idle();
    },
  };
}

async function freeAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

type Joined = Awaited<ReturnType<typeof join>>;

/** A call flow that offers inside the queue and says goodbye to whom it pulled out. */
function offering({ handler, flow }: Joined) {
  const told: string[] = [];
  const database = { gone: false };
  let queue = "";
  Object.assign(handler, {
    arrived: async () => [{ do: "enqueue", queue: "hotline" }],
    waiting: async (_call: string, report: { providerQueue: string }) => {
      if (database.gone) throw new DatabaseGone("gone");
      queue = report.providerQueue;
      return [
        {
          do: "ask",
          prompt: [{ do: "say", text: "Press 1 to go on in writing", locale: "en" }],
          turn: "offer.1",
          locale: "en",
          digits: 1,
          timeoutSeconds: 4,
          speechHints: [],
        },
      ];
    },
    answered: async (_call: string, answer: { digits: string }) => {
      told.push(`answered ${answer.digits || "nothing"}`);
      return [{ do: "play", sound: "hold-music" }, { do: "keep-waiting" }];
    },
    leftQueue: async (_call: string, how: string) => {
      told.push(`left ${how}`);
      return [];
    },
    pulledOut: async () => [{ do: "say", text: "Goodbye", locale: "en" }, { do: "hang-up" }],
    statusChanged: async (_call: string, status: string) => void told.push(`status ${status}`),
  });
  flow.told.length = 0;
  return { told, database, queueSid: () => queue };
}

describe("a call through the stand-in", () => {
  it("waits, presses 1, keeps its place until pulled out, and hears goodbye", async () => {
    const joined = await join();
    const { told, queueSid } = offering(joined);
    const phone = joined.twilio.phones.call({ from: "+79161234567" });
    await joined.pass(3);
    expect(phone.queuePosition).toBe(1);

    phone.press("1");
    await joined.pass(2);
    expect([phone.queuePosition, told]).toEqual([1, ["answered 1"]]);

    expect(await joined.telephone.pullOut({ providerQueue: queueSid(), providerCall: phone.sid })).toBe("done");
    await joined.pass(10);
    expect(phone.heard.map(({ text }) => text)).toContain("Goodbye");
    expect([phone.state, phone.endedBy]).toEqual(["ended", "detour"]);
    expect(told).toEqual(["answered 1", "left pulled-out", "status completed"]);
    expect(await joined.telephone.pullOut({ providerQueue: queueSid(), providerCall: phone.sid })).toBe("gone");
    expect(joined.logged).toHaveLength(1);
  });

  it("keeps its place through an outage of the database, and is heard again after it", async () => {
    const joined = await join();
    const { told, database } = offering(joined);
    const phone = joined.twilio.phones.call({ from: "+79161234567" });
    await joined.pass(1);
    database.gone = true;
    await joined.pass(60);
    expect([phone.queuePosition, phone.listening]).toEqual([1, false]);

    database.gone = false;
    for (let waited = 0; waited < 15 && !phone.listening; waited += 1) await joined.pass(1);
    phone.press("1");
    await joined.pass(1);
    expect([phone.queuePosition, told.at(-1)]).toEqual([1, "answered 1"]);
  });
});

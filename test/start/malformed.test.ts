import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../support/people.ts";
import { demo } from "../support/demo-env.ts";
import { createWorld, type World } from "../support/world.ts";
import { forged, toApi, toMessenger, toTelegram, toTelephone, type Nasty, type Target } from "./nasty.ts";
import { callForm, send, sendAsTwilio } from "./senders.ts";

const WITHIN_MS = 2000;

describe("malformed requests", () => {
  let world: World;
  let target: Target;

  beforeAll(async () => {
    world = await createWorld();
    const { url } = world.detour;
    const session = await fetch(`${url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-detour": "1" },
      body: JSON.stringify(demo.admin),
    });
    const cookie = session.headers.get("set-cookie")!.split(";")[0]!;
    await operator(world);
    world.whatsapp.customer("79160000008").write("позовите оператора");
    await world.advance(20_000);
    const [conversation] = await world.db.query<{ id: string }>("select id from conversation");
    target = { url, cookie, conversation: conversation!.id };
  });
  afterAll(() => world.close());

  const rowsOf = async (table: string) =>
    (await world.db.query<{ n: number }>(`select count(*) as n from ${table}`))[0]!.n;

  const isRefusedOrTaken = async ([, send]: Nasty) => {
    const { status, body, ms } = await send(target);

    expect(status).toBeLessThan(500);
    expect(body).not.toMatch(/\n\s+at |node:internal|node_modules|\.ts:\d/);
    expect(ms).toBeLessThan(WITHIN_MS);
  };

  /** Everybody is served as if nothing had happened, and the loops have got over what was stored. */
  async function isWell() {
    const customer = world.whatsapp.customer("79160000007");
    const answersSoFar = customer.inbox.length;
    const answers = [
      await send(`${target.url}/readyz`),
      await sendAsTwilio(target.url, "/voice/twilio/incoming", callForm(Math.trunc(performance.now() * 1000))),
      await send(`${target.url}/api/conversations`, { headers: { cookie: target.cookie } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    customer.write("сколько стоит доставка?");
    await world.until("the bot answers", () => customer.inbox.length > answersSoFar);
  }

  describe.each([
    ["to the messenger's webhook, signed", toMessenger],
    ["to Telegram's webhook, with its secret", toTelegram],
    ["to the telephone's webhooks, signed", toTelephone],
    ["to the API, signed in", toApi],
  ])("%s", (_name, nasties) => {
    it.each(nasties)("%s is refused or taken, and nothing breaks", async (...nasty) => await isRefusedOrTaken(nasty));

    it("leave everybody else served", isWell);
  });

  it.each(forged)("%s is refused and nothing is stored", async (_what, send) => {
    const tables = ["inbox", "message", "call", "event"];
    const before = await Promise.all(tables.map(rowsOf));

    expect([401, 403]).toContain((await send(target)).status);

    await world.settle();
    expect(await Promise.all(tables.map(rowsOf))).toEqual(before);
  });
});

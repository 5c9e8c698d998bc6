import { it } from "vitest";
import { callerHearingOffer, hears, MOBILE, operator } from "../support/people.ts";
import { createWorld } from "../support/world.ts";
it("dbg", async () => {
  const world = await createWorld({});
  const olga = await operator(world);
  world.whatsapp.faults.neverDelivered = true;
  const phone = await callerHearingOffer(world);
  phone.press("1");
  await world.until("choice", () => hears(phone, /Пока не видно/) && phone.listening);
  phone.press("2");
  await world.until("ends", () => phone.state === "ended");
  await world.advance(20000);
  console.log(
    JSON.stringify(
      await world.db.query("select status, state, due_at, leg, promise, promised_at from callback"),
      null,
      1,
    ),
  );
  console.log(
    await world.db.query(
      "select kind, data from event where kind like 'callback.%' or kind like 'call.%' order by seq",
    ),
  );
  console.log(await world.db.query("select * from presence"));
  console.log(await world.db.query("select name, state, output from pgboss.job"));
  for (const e of [olga.endpoint, MOBILE]) {
    const l = world.twilio.operatorPhones.leg(e);
    console.log(
      e,
      l?.state,
      l?.heard.map((h) => h.text),
    );
  }
  console.log(world.twilio.journal.entries.slice(-25).map((e) => `${e.from} ${e.method} ${e.path} ${e.status} `));
  await world.close().catch((e) => console.log(e.message));
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorld, type World } from "../support/world.ts";
import { callerHearingOffer, MOBILE, operator, type Worker } from "../support/people.ts";

describe("customers without a telephone number", () => {
  let world: World;
  let olga: Worker;
  beforeEach(async () => {
    world = await createWorld();
    olga = await operator(world);
  });
  afterEach(() => world.close());

  const customer = () => world.whatsapp.customer(MOBILE.slice(1));
  const conversations = () =>
    world.db.query<{ id: string; call_id: string | null; address: string; contact_id: string }>(
      "select id, call_id, address, contact_id from conversation order by opened_at",
    );

  async function movedCaller() {
    customer().change({ hidesPhone: true });
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    return customer().inbox.at(-1)!.id;
  }

  it("DM-15 a tap on the invite's button joins the hidden customer to the call, and the reply finds the way back", async () => {
    const invite = await movedCaller();
    customer().tap(invite, 0);
    await world.until("the bot answers", () => customer().inbox.length === 2);

    const [conversation, ...others] = await conversations();
    expect(others).toEqual([]);
    expect(conversation).toMatchObject({ call_id: expect.any(String), address: customer().userId });
    expect(world.whatsapp.accepted.at(-1)).toMatchObject({ waId: MOBILE.slice(1) });
  });

  it("DM-15 an answer that quotes the invite joins by its id, without any button", async () => {
    const invite = await movedCaller();
    customer().write("а когда привезут?", { replyTo: invite });
    await world.until("the bot answers", () => customer().inbox.length === 2);

    expect(await conversations()).toMatchObject([{ call_id: expect.any(String), address: customer().userId }]);
  });

  it("DM-15 who writes without any call and hides the number is shown as such", async () => {
    customer().change({ hidesPhone: true });
    customer().write("позовите оператора");
    await world.until("an operator has it", async () => {
      const { body } = await olga.request<{ conversations: object[] }>("GET", "/api/conversations?view=mine");
      return body.conversations.length === 1;
    });

    const { body } = await olga.request<{ conversations: { customer: { phone: string | null } }[] }>(
      "GET",
      "/api/conversations?view=mine",
    );
    expect(body.conversations[0]!.customer.phone).toBeNull();
  });

  it("DM-15 a hidden talk and a call turn out to be one person when the invite is answered: one history, no reply astray", async () => {
    customer().change({ hidesPhone: true });
    customer().write("здравствуйте");
    await world.until("the bot answers", () => customer().inbox.length === 1);
    const before = (await conversations())[0]!;

    const invite = await movedCaller();
    customer().tap(invite, 0);
    await world.until("the bot answers", () => customer().inbox.length === 3);

    const { body } = await olga.request<{ names: { channel: string; address: string }[] }>(
      "GET",
      `/api/contacts/${before.contact_id}`,
    );
    expect(body.names).toContainEqual({ channel: "phone", address: MOBILE });
    expect(body.names).toContainEqual({ channel: "whatsapp-cloud", address: customer().userId });
    const joined = (await conversations()).find(({ call_id }) => call_id !== null)!;
    expect(joined.address).toBe(customer().userId);
  });
});

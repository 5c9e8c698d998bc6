import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { admin, operator, type Worker } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let chief: Worker;
beforeEach(async () => {
  world = await createWorld();
  chief = await admin(world);
});
afterEach(() => world.close());

const settings = { number: "+7 999 000-00-01", canaries: ["+79990000002"], channel: true };

describe("a WhatsApp Web account as a connection", () => {
  it("is saved, shown, tried and taken away by the API, without a restart", async () => {
    const saved = await chief.request<{ connection: { id: string } }>("POST", "/api/connections", {
      kind: "whatsapp-web",
      name: "Probe",
      settings,
    });
    expect(saved).toMatchObject({ status: 201, body: { connection: { account: "79990000001" } } });
    const { id } = saved.body.connection;

    expect(await chief.request("GET", `/api/whatsapp-web/${id}/state`)).toMatchObject({
      status: 200,
      body: {
        account: "79990000001",
        at: "unpaired",
        enabled: true,
        warning: expect.stringContaining("terms of service"),
      },
    });
    expect((await chief.request("POST", `/api/connections/${id}/check`)).body).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("not linked yet"),
    });

    expect((await chief.request("DELETE", `/api/connections/${id}`)).status).toBe(204);
    expect((await chief.request("GET", `/api/whatsapp-web/${id}/state`)).status).toBe(404);
  });

  it("says which field is wrong", async () => {
    const wrong = { kind: "whatsapp-web", name: "Probe", settings: { ...settings, number: "shop" } };
    expect(await chief.request("POST", "/api/connections", wrong)).toMatchObject({ status: 422 });
  });

  it("is told about to administrators only; alarms are told to everybody who works here", async () => {
    const worker = await operator(world);
    expect((await worker.request("GET", "/api/whatsapp-web/environment-whatsapp-web/state")).status).toBe(403);
    expect((await worker.request("POST", "/api/whatsapp-web/environment-whatsapp-web/stop")).status).toBe(403);
    expect(await worker.request("GET", "/api/alarms")).toEqual({ status: 200, body: { alarms: [] } });
  });
});

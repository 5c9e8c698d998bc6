import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOffice, people, type Office } from "./office.ts";

describe("the live channel of an operator", () => {
  let office: Office;
  let url: string;
  beforeAll(async () => {
    office = await openOffice();
    await office.app.listen({ port: 0, host: "127.0.0.1" });
    url = `ws://127.0.0.1:${(office.app.server.address() as AddressInfo).port}/api/live`;
  });
  afterAll(() => office.close());

  const open = (cookie: string) => {
    const socket = new WebSocket(url, { headers: { cookie, origin: "http://localhost:3000" } });
    const first = new Promise<string>((resolve) => {
      socket.addEventListener("message", ({ data }) => resolve(String(data)));
      socket.addEventListener("close", ({ code }) => resolve(`closed ${code}`));
    });
    const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
    return { first, closed };
  };

  /** The pump runs until it has happened. */
  async function whilePumping<T>(happens: Promise<T>): Promise<T> {
    let over = false;
    const end = happens.finally(() => void (over = true));
    while (!over) {
      await office.live.pump.work();
      await setImmediate();
    }
    return end;
  }

  it("opens with the cookie of the session and ends with it", async () => {
    const cookie = await office.signIn(people.operator);
    const page = open(cookie);
    const first = await whilePumping(page.first);

    await office.ask("DELETE", "/api/session", { cookie });
    office.pass(31);

    expect(JSON.parse(first)).toEqual({ kind: "resync", seq: expect.any(Number) });
    expect(await whilePumping(page.closed)).toBe(4001);
  });

  it("stays shut without a session", async () => {
    expect(await open("detour=guess").first).toBe("closed 1006");
  });
});

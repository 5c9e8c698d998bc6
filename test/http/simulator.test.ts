import Fastify, { type FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testServer } from "./server.ts";

describe("the way to the stand-ins", () => {
  let standIns: FastifyInstance;
  let app: FastifyInstance;
  let url: string;
  let seen: { path: string; body: unknown; cookie: string | undefined }[];
  let streamed: (text: string) => void;

  beforeEach(async () => {
    seen = [];
    standIns = Fastify({ forceCloseConnections: true });
    standIns.all("/simulator/api/*", async (request, reply) => {
      seen.push({ path: request.url, body: request.body, cookie: request.headers.cookie });
      reply.header("set-cookie", "detour=fresh; Path=/; HttpOnly");
      return { state: "idle" };
    });
    standIns.get("/simulator/api/open-inbox", async (_request, reply) => reply.redirect("/inbox/7"));
    standIns.get("/simulator/api/live", (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "text/event-stream" });
      streamed = (text) => void reply.raw.write(text);
      streamed("event: state\ndata: 1\n\n");
    });
    await standIns.listen({ port: 0, host: "127.0.0.1" });
    app = await testServer({ SIMULATOR_URL: `http://127.0.0.1:${(standIns.server.address() as AddressInfo).port}` });
    await app.listen({ port: 0, host: "127.0.0.1" });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  });
  afterEach(() => Promise.all([app.close(), standIns.close()]));

  it("hands requests on as they are, without the operator's session", async () => {
    const answer = await fetch(`${url}/simulator/api/key?x=1`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: "detour=secret" },
      body: '{"key":"1"}',
    });

    expect([answer.status, await answer.json(), answer.headers.get("set-cookie")]).toEqual([
      200,
      { state: "idle" },
      "detour=fresh; Path=/; HttpOnly",
    ]);
    expect(seen).toEqual([{ path: "/simulator/api/key?x=1", body: { key: "1" }, cookie: undefined }]);
  });

  it("hands a redirect on to the browser", async () => {
    const answer = await fetch(`${url}/simulator/api/open-inbox?conversation=7`, { redirect: "manual" });

    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/inbox/7"]);
  });

  it("passes a live stream on piece by piece and lets the server stop while it is open", async () => {
    const answer = await fetch(`${url}/simulator/api/live`);
    const pieces = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    const first = await pieces.read();
    streamed("event: state\ndata: 2\n\n");
    const second = await pieces.read();
    const ended = pieces.read().catch(() => "cut");
    await app.close();

    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect([first.value, second.value]).toEqual(["event: state\ndata: 1\n\n", "event: state\ndata: 2\n\n"]);
    expect(await ended).toBe("cut");
  });

  it("says so when the stand-ins do not answer", async () => {
    await standIns.close();

    const answer = await fetch(`${url}/simulator/api/state`);

    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({
      code: "upstream_unreachable",
      message: expect.stringContaining("SIMULATOR_URL"),
    });
  });
});

import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { readSettings } from "#config";
import { DatabaseGone } from "#db";
import { admit, httpSettings, listen } from "#http";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { testServer } from "./server.ts";

describe("the server", () => {
  let app: FastifyInstance;
  afterEach(() => app?.close());

  async function withToy(env?: Record<string, string>, logTo?: { write(line: string): void }) {
    app = await testServer(env, logTo ? { logTo } : {});
    const seen: unknown[] = [];
    const body = z.strictObject({ name: z.string(), size: z.number().optional() });
    const zod = app.withTypeProvider<ZodTypeProvider>();
    zod.post("/toys", { schema: { body } }, async (request) => {
      seen.push(request.body);
      return { ok: true };
    });
    zod.get(
      "/toys/:id",
      { schema: { params: z.object({ id: z.uuid() }), querystring: z.object({ by: z.enum(["size"]).optional() }) } },
      async () => ({ ok: true }),
    );
    app.get("/breaks", async () => {
      throw new Error("Anna +79161234567 wrote: help");
    });
    app.get("/gone", async () => {
      throw new DatabaseGone("The database does not answer: connect ECONNREFUSED");
    });
    app.get("/api/unguarded", async () => ({ secret: 1 }));
    app.get("/api/guarded", { onRequest: async (request) => admit(request) }, async () => ({ fine: 1 }));
    app.get("/api/open", { config: { open: true } }, async () => ({ fine: 2 }));
    return seen;
  }

  const post = (payload: string, headers: Record<string, string>) =>
    app.inject({ method: "POST", url: "/toys", payload, headers });

  it("names the wrong field in a sentence", async () => {
    const seen = await withToy();

    const wrong = await post('{"name":7}', { "content-type": "application/json" });
    const extra = await post('{"name":"bear","admin":true}', { "content-type": "application/json" });
    const query = await app.inject("/toys/0190a1b2-0000-7000-8000-000000000000?by=colour");

    expect([wrong.statusCode, wrong.json()]).toMatchObject([422, { code: "invalid_field", field: "name" }]);
    expect(wrong.json().message).toMatch(/^The field "name" is not right: .*\.$/);
    expect([extra.statusCode, extra.json()]).toMatchObject([422, { code: "invalid_field", field: "admin" }]);
    expect([query.statusCode, query.json()]).toMatchObject([400, { code: "invalid_field", field: "by" }]);
    expect(seen).toEqual([]);
  });

  it.each([
    ["cut off", '{"name":"be'],
    ["no JSON at all", "name=bear"],
    ["empty", ""],
    ["poisoned by __proto__", '{"name":"bear","__proto__":{"admin":true}}'],
    ["poisoned by constructor", '{"name":"bear","constructor":{"prototype":{"admin":true}}}'],
    ["not an object", "[1]"],
  ])("refuses a body that is %s with 400", async (_what, payload) => {
    const seen = await withToy();

    const answer = await post(payload, { "content-type": "application/json" });

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(seen).toEqual([]);
  });

  it.each([
    "application/json\tfoo",
    "\tapplication/json",
    " application/json",
    "application/json garbage",
    "text/plain",
    "APPLICATION/JSON\t;",
    "a",
    "*/*",
  ])("never skips the check of a body because of the content type %j", async (type) => {
    const seen = await withToy();

    const answer = await post('{"name":7,"admin":true}', { "content-type": type });

    expect([400, 415, 422]).toContain(answer.statusCode);
    expect(seen).toEqual([]);
  });

  it("refuses bodies over one mebibyte", async () => {
    await withToy();

    const answer = await post(JSON.stringify({ name: "x".repeat(1024 * 1024) }), {
      "content-type": "application/json",
    });

    expect([answer.statusCode, answer.json().code]).toEqual([413, "body_too_large"]);
  });

  it("tells nothing about our insides when something breaks", async () => {
    const lines: string[] = [];
    await withToy({ LOG_LEVEL: "debug" }, { write: (line) => void lines.push(line) });

    const answer = await app.inject("/breaks?phone=79161234567");

    expect(answer.statusCode).toBe(500);
    expect(Object.keys(answer.json()).sort()).toEqual(["code", "message", "requestId"]);
    expect(answer.body).not.toMatch(/Anna|9161234567|\.ts/);
    const log = lines.join("");
    expect(log).toContain(answer.json().requestId);
    expect(log).toContain("/breaks");
    expect(log).not.toMatch(/Anna|9161234567/);
  });

  it("answers 503 with Retry-After when the database is gone", async () => {
    await withToy();

    const answer = await app.inject("/gone");

    expect([answer.statusCode, answer.json().code, answer.headers["retry-after"]]).toEqual([503, "database_gone", "2"]);
  });

  it("answers 404 with a problem for addresses nobody serves", async () => {
    await withToy();

    const answer = await app.inject("/wp-admin");

    expect([answer.statusCode, answer.json().code]).toEqual([404, "not_found"]);
  });

  it("lets nobody into a route of the API that forgot its guard", async () => {
    await withToy();

    const [unguarded, guarded, open] = await Promise.all(
      ["/api/unguarded", "/api/guarded", "/api/open"].map((url) => app.inject(url)),
    );

    expect([unguarded!.statusCode, unguarded!.json().code]).toEqual([403, "not_guarded"]);
    expect([guarded!.json(), open!.json()]).toEqual([{ fine: 1 }, { fine: 2 }]);
    expect(app.apiRoutes).toContainEqual({ method: "GET", url: "/api/unguarded", open: false });
  });

  it("sends the policy of the page with every answer, and HSTS only over https", async () => {
    await withToy();
    const plain = await app.inject("/nowhere-at-all");
    await app.close();
    app = await testServer({ PUBLIC_URL: "https://hotline.example.com" });
    const secure = await app.inject("/healthz");

    expect(plain.headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(plain.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "same-origin",
    });
    expect(plain.headers["strict-transport-security"]).toBeUndefined();
    expect(secure.headers["strict-transport-security"]).toMatch(/^max-age=\d+$/);
  });

  it("believes only the proxies it was told about", async () => {
    const askAddress = async (env: Record<string, string>) => {
      const server = await testServer(env);
      server.get("/address", async (request) => request.ip);
      const answer = await server.inject({
        url: "/address",
        remoteAddress: "10.0.0.5",
        headers: { "x-forwarded-for": "203.0.113.9" },
      });
      await server.close();
      return answer.body;
    };

    expect(await askAddress({})).toBe("10.0.0.5");
    expect(await askAddress({ TRUSTED_PROXIES: "192.168.0.0/16" })).toBe("10.0.0.5");
    expect(await askAddress({ TRUSTED_PROXIES: "10.0.0.0/8" })).toBe("203.0.113.9");
  });

  it("says which setting to change when the port is taken", async () => {
    const other = createTcpServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const { http } = readSettings({ PORT: String(port), HOST: "127.0.0.1" }, { http: httpSettings });
    app = await testServer();

    await expect(listen(app, http)).rejects.toThrow(
      `PORT ${port} is taken by another program. Stop it or set PORT to a free one.`,
    );
    other.close();
  });
});

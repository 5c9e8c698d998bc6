import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FastifyInstance } from "fastify";
import { testServer } from "./server.ts";

describe("the pages", () => {
  let folder: string;
  let app: FastifyInstance;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "detour-web-"));
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>Detour</title>");
    writeFileSync(join(folder, "theme.js"), "0");
    writeFileSync(join(folder, "assets", "main-abc123.js"), "1");
    writeFileSync(join(folder, ".env"), "SECRET=1");
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => app.close());

  const open = async (env: Record<string, string> = {}) => void (app = await testServer(env, { webFolder: folder }));

  it.each(["/inbox", "/inbox/0190a1b2", "/sign-in"])(
    "serve the app at %s and always ask for a newer one",
    async (url) => {
      await open();

      const answer = await app.inject(url);

      expect([answer.statusCode, answer.headers["content-type"], answer.headers["cache-control"]]).toEqual([
        200,
        "text/html; charset=utf-8",
        "no-cache",
      ]);
      expect(answer.body).toContain("Detour");
    },
  );

  it("keep hashed files for ever and others not", async () => {
    await open();

    const hashed = await app.inject("/assets/main-abc123.js");
    const fixed = await app.inject("/theme.js");

    expect([hashed.statusCode, hashed.headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
    expect([fixed.statusCode, fixed.headers["cache-control"]]).toEqual([200, "no-cache"]);
  });

  it.each(["/.env", "/assets/../.env", "/assets/%2e%2e/.env", "/assets/none.js", "/simulator", "/simulator/api/state"])(
    "have nothing at %s",
    async (url) => {
      await open();

      expect((await app.inject(url)).statusCode).toBe(404);
    },
  );

  it("begin with the inbox, or with the simulator when it is on", async () => {
    await open();
    const plain = await app.inject("/");
    await app.close();
    await open({ SIMULATOR_URL: "http://127.0.0.1:9" });
    const simulated = await app.inject("/");
    const page = await app.inject("/simulator");

    expect([plain.statusCode, plain.headers.location]).toEqual([302, "/inbox"]);
    expect([simulated.statusCode, simulated.headers.location]).toEqual([302, "/simulator"]);
    expect(page.statusCode).toBe(200);
  });

  it("say what to do when the app is not built", async () => {
    app = await testServer({}, { webFolder: "/nowhere" });

    const answer = await app.inject("/inbox");

    expect([answer.statusCode, answer.json().code]).toEqual([503, "web_app_missing"]);
  });
});

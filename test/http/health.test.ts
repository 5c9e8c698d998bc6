import { DatabaseGone } from "#db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { answering, testServer } from "./server.ts";

describe("health", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());

  async function readiness(options: Parameters<typeof testServer>[1]) {
    const app = await testServer({}, options);
    const alive = await app.inject("/healthz");
    const ready = await app.inject("/readyz");
    await app.close();
    expect(alive.statusCode).toBe(200);
    return { status: ready.statusCode, ...ready.json() };
  }

  it("is good when the migrated database answers and every check agrees", async () => {
    expect(await readiness({ front: db, checks: [() => null] })).toEqual({ status: 200, ready: true, reasons: [] });
  });

  it("gives every reason why not", async () => {
    const gone = {
      tenant: "main",
      query: () => Promise.reject(new DatabaseGone("connect ECONNREFUSED /secret/socket")),
    };
    const checks = [() => "The pump outbox has stopped.", () => Promise.reject(new Error("no answer"))];

    const answer = await readiness({ front: gone, checks });

    expect(answer).toEqual({
      status: 503,
      ready: false,
      reasons: ["The database does not answer.", "The pump outbox has stopped.", "A check failed: no answer"],
    });
  });

  it("asks for the migration of an empty database", async () => {
    expect(await readiness({ front: answering([{ migrated: false }]) })).toMatchObject({
      status: 503,
      reasons: [expect.stringContaining("npm run migrate")],
    });
  });
});

describe("the description of the API", () => {
  it("comes from the schemas of the routes, with a page that runs no inline script", async () => {
    const app = await testServer();

    const json = (await app.inject("/docs/json")).json();
    const page = await app.inject("/docs/");

    expect(json.openapi).toBe("3.1.0");
    expect(Object.keys(json.paths).sort()).toEqual(["/healthz", "/readyz"]);
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("script-src 'self';");
    expect(page.body).not.toMatch(/<script>[^<]/);
    await app.close();
  });
});

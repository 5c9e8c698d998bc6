import type { Role } from "#staff";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOffice, people, type Office } from "./office.ts";

/** Who may do what. "anybody" needs no sign-in. A route that is not here fails the first test. */
const TABLE: Record<string, Role[] | "anybody"> = {
  "POST /api/session": "anybody",
  "DELETE /api/session": "anybody",
  "GET /api/session": ["operator", "supervisor", "admin"],
  "PUT /api/presence": ["operator", "supervisor", "admin"],
  "GET /api/operators": ["operator", "supervisor", "admin"],
  "POST /api/operators": ["admin"],
  "PATCH /api/operators/:id": ["admin"],
  "GET /api/connections": ["admin"],
  "POST /api/connections": ["admin"],
  "PATCH /api/connections/:id": ["admin"],
  "DELETE /api/connections/:id": ["admin"],
  "POST /api/connections/:id/check": ["admin"],
  "GET /api/brands": ["supervisor", "admin"],
  "PUT /api/brands/:code": ["admin"],
  "GET /api/queues": ["supervisor", "admin"],
  "PUT /api/queues/:code": ["supervisor", "admin"],
  "GET /api/callbacks": ["operator", "supervisor", "admin"],
  "POST /api/callbacks/:id/dismiss": ["operator", "supervisor", "admin"],
  "GET /api/callbacks/report": ["supervisor", "admin"],
  "GET /api/funnel": ["supervisor", "admin"],
  "GET /api/stories/:providerCall": ["supervisor", "admin"],
};

/** Guarded by the handshake; see test/http/live.test.ts. */
const SOCKETS = ["GET /api/live"];

describe("roles", () => {
  let office: Office;
  const cookies: Partial<Record<Role, string>> = {};
  beforeAll(async () => {
    office = await openOffice();
    for (const role of Object.keys(people) as Role[]) cookies[role] = await office.signIn(people[role]);
  });
  afterAll(() => office.close());

  const rows = Object.entries(TABLE);
  const guarded = rows.filter((row): row is [string, Role[]] => row[1] !== "anybody");
  const send = (route: string, cookie?: string, headers?: object) => {
    const [method, url] = route.split(" ") as ["GET" | "POST" | "PUT" | "PATCH", string];
    const body = method === "GET" ? {} : { body: {} };
    return office.ask(method, url.replace(":id", "0190a1b2-0000-7000-8000-000000000000"), {
      ...body,
      ...(cookie ? { cookie } : {}),
      ...(headers ? { headers } : {}),
    });
  };

  it("are decided for every route there is", () => {
    const routes = office.app.apiRoutes
      .filter(({ method }) => method !== "HEAD")
      .map(({ method, url }) => `${method} ${url}`);

    expect(routes.sort()).toEqual([...Object.keys(TABLE), ...SOCKETS].sort());
  });

  it("leave only the declared routes open", () => {
    const open = office.app.apiRoutes.filter((route) => route.open).map(({ method, url }) => `${method} ${url}`);

    expect(open.sort()).toEqual(
      rows
        .filter(([, who]) => who === "anybody")
        .map(([route]) => route)
        .sort(),
    );
  });

  it.each(guarded)("let nobody into %s who is not signed in", async (route) => {
    const answer = await send(route);

    expect([answer.statusCode, answer.json().code]).toEqual([401, "not_signed_in"]);
  });

  it.each(
    guarded.flatMap(([route, who]) =>
      (Object.keys(people) as Role[]).map((role) => [route, role, who.includes(role)] as const),
    ),
  )("%s for %s: allowed is %s", async (route, role, allowed) => {
    const answer = await send(route, cookies[role]);

    if (allowed) expect(answer.statusCode).not.toBe(403);
    else expect([answer.statusCode, answer.json().code]).toEqual([403, "not_allowed"]);
  });

  it.each(rows.map(([route]) => route).filter((route) => !route.startsWith("GET")))(
    "refuse %s from another site, signed in or not",
    async (route) => {
      const answer = await send(route, cookies.admin, {
        origin: "https://evil.example",
        "sec-fetch-site": "cross-site",
      });

      expect([answer.statusCode, answer.json().code]).toEqual([403, "foreign_request"]);
    },
  );

  it("answer an operator's question about the signed-in person with the person", async () => {
    const answer = await office.ask("GET", "/api/session", { cookie: cookies.operator! });

    expect(answer.json()).toEqual({
      operator: { id: expect.any(String), name: "operator", role: "operator", locale: "ru" },
      presence: { status: "offline", reason: null },
    });
  });
});

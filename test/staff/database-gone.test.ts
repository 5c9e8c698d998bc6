import { readSettings } from "#config";
import { openDatabase } from "#db";
import { systemClock } from "#kit";
import { createStaff, staffSettings } from "#staff";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { testServer } from "../http/server.ts";

describe("while the database is gone", () => {
  it.each(["refuses connections", "accepts connections and is silent"])(
    "operators hear so within two seconds when it %s",
    async (how) => {
      const silent = createTcpServer(() => {}).listen(0, "127.0.0.1");
      await new Promise((resolve) => silent.once("listening", resolve));
      const port = how === "refuses connections" ? 9 : (silent.address() as AddressInfo).port;
      const front = openDatabase({
        url: `postgres://u:p@127.0.0.1:${port}/x`,
        tenant: "main",
        connections: 2,
        queryTimeoutMs: 500,
      });
      const app = await testServer();
      const wakes = { wake() {}, on() {}, close: async () => {} };
      const { staff: settings } = readSettings({}, { staff: staffSettings });
      app.register(
        createStaff({ front, clock: systemClock, settings, wakes, log: app.log, publicUrl: "http://localhost:3000" })
          .routes,
        { prefix: "/api" },
      );
      const started = performance.now();

      const answers = await Promise.all([
        app.inject({
          method: "POST",
          url: "/api/session",
          headers: { "x-detour": "1" },
          payload: { email: "a@example.com", password: "password" },
        }),
        app.inject({ url: "/api/operators", headers: { cookie: "detour=token" } }),
      ]);

      expect(answers.map((answer) => [answer.statusCode, answer.json().code, answer.headers["retry-after"]])).toEqual([
        [503, "database_gone", "2"],
        [503, "database_gone", "2"],
      ]);
      expect(performance.now() - started).toBeLessThan(2000);
      await app.close();
      await front.close();
      silent.close();
    },
  );
});

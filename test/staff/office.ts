import { readSettings } from "#config";
import { createLive, type Live } from "#http";
import { createSettableClock, instant, seconds, later } from "#kit";
import { createStaff, staffSettings, type Role, type Staff } from "#staff";
import { companySettings, createCompany, type Company } from "#company";
import { createWhatsAppCloud, whatsAppSettings } from "#chat/whatsapp-cloud";
import { analyticsRoutes } from "#analytics";
import type { FastifyInstance, InjectOptions } from "fastify";
import { callbackRoutes } from "../../src/outbound/routes.ts";
import { queueRoutes } from "../../src/ivr/queue-routes.ts";
import { brandWith } from "../support/brands.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { testServer } from "../http/server.ts";

export const PASSWORD = "correct horse battery";

/** A real server with a real database and some operators. */
export interface Office {
  db: FreshDatabase;
  app: FastifyInstance;
  staff: Staff;
  company: Company;
  live: Live;
  clock: ReturnType<typeof createSettableClock>;
  /** Sends as our own page does. */
  ask(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    url: string,
    options?: { body?: object; cookie?: string; headers?: object; from?: string },
  ): ReturnType<FastifyInstance["inject"]>;
  /** The cookie of a fresh sign-in. */
  signIn(email: string, password?: string): Promise<string>;
  pass(secondsPassed: number): void;
  close(): Promise<void>;
}

export const people: Record<Role, string> = {
  operator: "anna@example.com",
  supervisor: "olga@example.com",
  admin: "boss@example.com",
};

/** With `env` the company has settings as `.env` would give them; its WhatsApp numbers are where that says. */
export async function openOffice(
  publicUrl = "http://localhost:3000",
  env: Record<string, string> = {},
): Promise<Office> {
  const db = await freshDatabase();
  const clock = createSettableClock(instant(Date.UTC(2026, 10, 20, 9)));
  const app = await testServer({ PUBLIC_URL: publicUrl });
  const parts = { staff: staffSettings, company: companySettings, whatsapp: whatsAppSettings };
  const { staff: settings, ...rest } = readSettings(env, parts);
  const wakes = { wake() {}, on() {}, close: async () => {} };
  const staff = createStaff({ front: db, clock, settings, wakes, log: app.log, publicUrl });
  const standard = brandWith();
  const company = createCompany({ db, staff, publicUrl, clock, wakes, log: app.log, settings: rest.company, standard });
  const whatsApp = createWhatsAppCloud(rest.whatsapp, { clock });
  company.define(whatsApp.connections);
  await company.open();
  const live = createLive({ front: db, clock, publicUrl, authenticate: staff.authenticate });
  await app.register(
    async (api) => {
      api.register(staff.routes);
      api.register(live.routes);
      api.register(company.routes);
      api.register(queueRoutes({ db, clock, company, staff }));
      const settling = { dismiss: async () => "not-found" as const };
      api.register(callbackRoutes({ db, clock, brands: company.brands, staff, settling }));
      api.register(async (guarded) => {
        guarded.addHook("onRequest", staff.guard("supervisor", "admin"));
        guarded.register(analyticsRoutes({ front: db, clock }));
      });
    },
    { prefix: "/api" },
  );
  for (const [role, email] of Object.entries(people)) {
    await staff.ensureOperator({ email, name: role, role: role as Role, locale: "ru", password: PASSWORD });
  }

  const ask: Office["ask"] = (method, url, { body, cookie, headers, from } = {}) => {
    const options: InjectOptions = {
      method,
      url,
      headers: { "x-detour": "1", ...(cookie ? { cookie } : {}), ...headers },
    };
    if (body) options.payload = body;
    if (from) options.remoteAddress = from;
    return app.inject(options) as never;
  };

  return {
    db,
    app,
    staff,
    company,
    live,
    clock,
    ask,
    async signIn(email, password = PASSWORD) {
      const answer = await ask("POST", "/api/session", { body: { email, password } });
      if (answer.statusCode !== 200) throw new Error(`${email} could not sign in: ${answer.body}`);
      return String(answer.headers["set-cookie"]).split(";")[0]!;
    },
    pass: (passed) => clock.moveTo(later(clock.now(), seconds(passed))),
    async close() {
      await whatsApp.channel.close();
      await app.close();
      await db.drop();
    },
  };
}

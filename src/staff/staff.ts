import type { Database, Wakes } from "#db";
import type { Clock } from "#kit";
import type { FastifyBaseLogger } from "fastify";
import { createAccounts } from "./accounts.ts";
import type { Staff } from "./door.ts";
import { createGate } from "./guard.ts";
import { addOperatorRoutes } from "./operator-routes.ts";
import { createPresences } from "./presences.ts";
import { addSessionRoutes } from "./session-routes.ts";
import { createSessions } from "./sessions.ts";
import type { StaffSettings } from "./settings.ts";
import { createSignInGuard } from "./sign-in-guard.ts";

/** What the room needs from outside. */
export interface StaffDeps {
  front: Database;
  clock: Clock;
  settings: StaffSettings;
  wakes: Wakes;
  log: Pick<FastifyBaseLogger, "info">;
  publicUrl: string;
}

/** Operators, their sign-in and who may do what. */
export function createStaff({ front, clock, settings, wakes, log, publicUrl }: StaffDeps): Staff {
  const secure = publicUrl.startsWith("https:");
  // The prefix makes browsers insist on https, on this very host and on no other path.
  const cookie = { name: secure ? "__Host-detour" : "detour", secure };
  const sessions = createSessions(front, clock, settings);
  const presences = createPresences(front, clock, wakes);
  const accounts = createAccounts({ front, clock, sessions, presences });
  const gate = createGate(sessions, { publicUrl, cookieName: cookie.name });
  const signIns = createSignInGuard(clock);

  return {
    async routes(app) {
      addSessionRoutes(app, { front, clock, settings, cookie, gate, accounts, sessions, presences, signIns });
      addOperatorRoutes(app, { gate, accounts });
    },
    guard: gate.guard,
    operatorOf: gate.operatorOf,
    authenticate: gate.authenticate,
    online: presences.online,
    onPresence: presences.onChange,
    async ensureOperator({ capacity = 4, phone, ...account }) {
      if (await accounts.exists(account.email)) return false;
      const created = await accounts.create({ ...account, capacity, phone: phone ?? null }, null);
      if (created) log.info({ operatorId: created.id, role: created.role }, "an operator account was created");
      return created !== null;
    },
  };
}

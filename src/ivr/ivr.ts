import type { Company } from "#company";
import type { Database, Wakes } from "#db";
import type { SettingsOf } from "#config";
import type { Pump } from "#jobs";
import type { Clock } from "#kit";
import type { Router } from "#router";
import type { Staff } from "#staff";
import type { CallHandler, Telephone } from "#voice";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { createHandler } from "./handler.ts";
import { lostContactPump } from "./lost-contact.ts";
import { createOperators } from "./operators.ts";
import { queueRoutes } from "./queue-routes.ts";
import { callRoutes } from "./routes.ts";
import type { ivrSettings } from "./settings.ts";

export interface IvrDeps {
  /** The pool of the telephone: short transactions only. */
  db: Database;
  clock: Clock;
  router: Router;
  /** Whose brands the queues are; told when a queue was changed. */
  company: Pick<Company, "brands" | "refresh">;
  staff: Pick<Staff, "guard" | "operatorOf">;
  telephone: Pick<Telephone, "ringOperator">;
  wakes: Pick<Wakes, "wake">;
  settings: SettingsOf<typeof ivrSettings>;
}

export interface Ivr {
  /** Given to the telephone's webhooks. */
  handler: CallHandler;
  /** For signed-in operators; registered under `/api`. */
  routes: FastifyPluginAsyncZod;
  /** Background work: ends calls nobody hears of any more. */
  pumps: Pump[];
}

/** The inbound call: menu, place in the queue, the offer, operators taking calls. */
export function createIvr(deps: IvrDeps): Ivr {
  const operators = createOperators(deps);
  return {
    handler: createHandler({ ...deps, operators, brands: deps.company.brands }),
    async routes(app) {
      await app.register(callRoutes({ ...deps, operators }));
      await app.register(queueRoutes(deps));
    },
    pumps: [lostContactPump(deps)],
  };
}

import type { Company } from "#company";
import type { Database, Wakes } from "#db";
import type { SettingsOf } from "#config";
import type { Pump } from "#jobs";
import type { Clock } from "#kit";
import type { Outbound } from "#outbound";
import type { Router } from "#router";
import type { Staff } from "#staff";
import type { CallHandler, Telephone } from "#voice";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { adoptionPump } from "./adoption.ts";
import { dispatchPump } from "./dispatch.ts";
import { createHandler } from "./handler.ts";
import { lostContactPump } from "./lost-contact.ts";
import { createOperators } from "./operators.ts";
import { queueRoutes } from "./queue-routes.ts";
import { callRoutes } from "./routes.ts";
import type { ivrSettings } from "./settings.ts";

export interface IvrDeps {
  /** The pool of the telephone and the API: short transactions only. */
  db: Database;
  /** For background work. */
  back: Database;
  clock: Clock;
  router: Router;
  outbound: Pick<Outbound, "callee" | "desk" | "lines">;
  /** Whose brands the queues are; told when a queue was changed. */
  company: Pick<Company, "brands" | "refresh">;
  staff: Pick<Staff, "guard" | "operatorOf">;
  telephone: Pick<Telephone, "connected" | "ringOperator" | "queued" | "callerOf">;
  wakes: Pick<Wakes, "wake">;
  settings: SettingsOf<typeof ivrSettings>;
  log: { error(fields: object, words: string): void };
}

export interface Ivr {
  /** Given to the telephone's webhooks. */
  handler: CallHandler;
  /** For signed-in operators; registered under `/api`. */
  routes: FastifyPluginAsyncZod;
  /** Background work: calls nobody hears of, callers nobody knew of, operators rung for callbacks. */
  pumps: Pump[];
}

/** The inbound call: menu, place in the queue, the offer, operators taking calls. */
export function createIvr(deps: IvrDeps): Ivr {
  const front = { ...deps, brands: deps.company.brands };
  const back = { ...front, db: deps.back };
  const operators = createOperators(front);
  return {
    handler: createHandler({ ...front, operators }),
    async routes(app) {
      await app.register(callRoutes({ ...front, operators }));
      await app.register(queueRoutes(front));
    },
    pumps: [lostContactPump(back), dispatchPump({ ...back, operators }), adoptionPump(back)],
  };
}

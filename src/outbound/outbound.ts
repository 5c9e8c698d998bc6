import type { Chat, ChatHooks } from "#chat";
import type { Brands } from "#company";
import type { SettingsOf } from "#config";
import type { Database, Wakes } from "#db";
import type { Jobs, Pump } from "#jobs";
import type { Clock } from "#kit";
import type { Callbacks } from "#router";
import type { Staff } from "#staff";
import type { CalleeHandler, Telephone } from "#voice";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { createCallee } from "./callee.ts";
import { createDesk, type Desk } from "./desk.ts";
import { createLines, type Lines } from "./lines.ts";
import { callbackPump } from "./pump.ts";
import { promisePump } from "./promises.ts";
import { callbackRoutes } from "./routes.ts";
import type { outboundSettings } from "./settings.ts";
import { createSettling } from "./settling.ts";
import { createTeller } from "./teller.ts";
import { defineWork } from "./work.ts";

export interface OutboundDeps {
  /** The pool of the telephone and the API: short transactions only. */
  front: Database;
  /** For background work. */
  back: Database;
  clock: Clock;
  wakes: Pick<Wakes, "wake">;
  jobs: Pick<Jobs, "add" | "define">;
  telephone: Pick<Telephone, "dial" | "findDial" | "hangUp">;
  brands: Pick<Brands, "ofQueue">;
  callbacks: Pick<Callbacks, "forecast">;
  chat: Pick<Chat, "tellDelay">;
  staff: Pick<Staff, "guard" | "operatorOf">;
  settings: SettingsOf<typeof outboundSettings>;
  log: { error(fields: object, words: string): void };
}

/** Calls we make to customers: promised callbacks. */
export interface Outbound {
  /** Where operators and callbacks meet. */
  desk: Desk;
  /** Operators' own lines. */
  lines: Lines;
  /** Given to the telephone's webhooks. */
  callee: CalleeHandler;
  hooks: Pick<ChatHooks, "closedByOperator">;
  /** For signed-in operators; registered under `/api`. */
  routes: FastifyPluginAsyncZod;
  pumps: Pump[];
}

/** Builds the room and declares its background work; call before the jobs start. */
export function createOutbound(deps: OutboundDeps): Outbound {
  const { front, back, clock, settings } = deps;
  const lines = createLines({ clock, restSeconds: settings.OPERATOR_REST_SECONDS });
  const teller = createTeller({ ...deps, lines });
  const settling = createSettling({ db: front, teller });
  defineWork(deps.jobs, { ...deps, db: back, teller });

  return {
    lines,
    desk: createDesk({ ...deps, teller }),
    callee: createCallee({ ...deps, db: front, teller, lines }),
    hooks: settling,
    routes: callbackRoutes({ ...deps, db: front, settling }),
    pumps: [callbackPump({ ...deps, db: back, teller }), promisePump({ ...deps, db: back })],
  };
}

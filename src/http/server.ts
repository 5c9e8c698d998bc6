import cookie from "@fastify/cookie";
import websocket from "@fastify/websocket";
import { minutes, newId, seconds, systemClock, type Clock } from "#kit";
import type { Queries } from "#db";
import Fastify, { LogController, type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { fileURLToPath } from "node:url";
import { denyByDefault, type ApiRoute } from "./access.ts";
import { addDocs } from "./docs.ts";
import { addErrorAnswers } from "./errors.ts";
import { addSecurityHeaders } from "./headers.ts";
import { addHealth, type ReadyCheck } from "./health.ts";
import { addLeaving } from "./leaving.ts";
import { logOptions, type LogTarget } from "./log.ts";
import { addPages } from "./pages.ts";
import { addPatience } from "./patience.ts";
import { publicUrl, type HttpSettings } from "./settings.ts";
import { addSimulator } from "./simulator.ts";

const BUILT = fileURLToPath(new URL("../../dist/web", import.meta.url));
const KIBIBYTE = 1024;
const HEADERS_TIMEOUT = seconds(10);

/** What the server needs. */
export interface ServerOptions {
  settings: HttpSettings;
  front: Queries;
  /** What `/readyz` asks besides the database. */
  checks?: ReadyCheck[];
  /** Where log lines go; the process's output when absent. */
  logTo?: LogTarget;
  /** True from when this process was asked to stop. */
  leaving?: () => boolean;
  /** `health` for a process that answers nothing else. */
  serves?: "everything" | "health";
  /** The system's when absent. */
  clock?: Clock;
  /** Folder of the built web app. */
  webFolder?: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** True for routes that answer in time by themselves: Fastify's own guard costs them more than reading the request. */
    inTime?: boolean;
  }
  interface FastifyInstance {
    /** Every guarded route registered so far. */
    apiRoutes: ApiRoute[];
  }
}

/** A server with everything that is the same for all rooms. Rooms register their routes on it; then `listen`. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { settings } = options;
  const app: FastifyInstance = Fastify({
    logger: logOptions(settings.LOG_LEVEL, options.logTo),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    trustProxy: settings.TRUSTED_PROXIES ?? false,
    bodyLimit: KIBIBYTE * KIBIBYTE,
    requestTimeout: minutes(10),
    connectionTimeout: 10_000,
    keepAliveTimeout: 72_000,
    // What arrives on an open connection while the server closes was sent before anybody could know.
    return503OnClosing: false,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Text that a schema never saw would reach handlers as a string.
  app.removeContentTypeParser("text/plain");

  limitHandlers(app);
  app.server.headersTimeout = HEADERS_TIMEOUT;
  addPatience(app, options.clock ?? systemClock);
  app.decorate("apiRoutes", denyByDefault(app));
  addSecurityHeaders(app, { https: publicUrl(settings).startsWith("https:") });
  addRequestLog(app);
  addFarewell(app);
  addErrorAnswers(app);
  addLeaving(app, options.leaving ?? (() => false));
  if (options.serves !== "health") await addEverything(app, options);
  addHealth(app, options.front, options.checks ?? []);
  return app;
}

async function addEverything(app: FastifyInstance, { settings, webFolder }: ServerOptions): Promise<void> {
  await app.register(cookie);
  await app.register(websocket, {
    options: { maxPayload: 64 * KIBIBYTE },
    errorHandler: (_error, socket) => socket.terminate(),
  });
  await addDocs(app);
  if (settings.SIMULATOR_URL) await addSimulator(app, settings.SIMULATOR_URL);
  await addPages(app, { folder: webFolder ?? BUILT, simulator: settings.SIMULATOR_URL !== undefined });
}

const LONGEST_HANDLING_MS = 12_000;

/** Gives up handlers that take too long, on every route that does not see to it itself. */
function limitHandlers(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    if (!route.config?.inTime) route.handlerTimeout ??= LONGEST_HANDLING_MS;
  });
}

/** A connection whose answer ends while the server stops would be kept for the next request, and the stop would wait for it. */
function addFarewell(app: FastifyInstance): void {
  let stopping = false;
  app.addHook("preClose", async () => void (stopping = true));
  app.addHook("onResponse", async ({ raw }) => {
    if (stopping) raw.socket.end();
  });
}

/** One line for each answer: which route, what came of it, how long it took. */
function addRequestLog(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const line = { req: request, res: reply, ms: Math.round(reply.elapsedTime) };
    if (reply.statusCode >= 500) request.log.warn(line, "answered");
    else request.log.debug(line, "answered");
  });
}

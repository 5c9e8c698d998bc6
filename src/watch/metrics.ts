import type { ChatWatch } from "#chat";
import type { Database } from "#db";
import type { Clock } from "#kit";
import type { Router } from "#router";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { createBoard } from "./board.ts";
import { watchRequests } from "./requests.ts";
import { metricsRoute } from "./routes.ts";
import { watchSends } from "./sends.ts";
import type { WatchSettings } from "./settings.ts";

/** What can be measured only once the rooms stand. */
interface Sources {
  /** By name; the last one answers the questions of a scrape. */
  pools: { front: Database; back: Database };
  clock: Clock;
  router: Pick<Router, "outlook">;
}

/** Figures for Prometheus. Labels are names of queues, channels, accounts, routes and pumps: never people. */
export interface Metrics {
  chat: Required<Pick<ChatWatch, "sent">>;
  pumpFailed(pump: string): void;
  /** Times every request to this server. */
  watchRequests(app: FastifyInstance): void;
  /** `GET /metrics`. */
  routes(sources: Sources): FastifyPluginAsync;
}

/** One set of figures for this process. */
export function createMetrics(settings: WatchSettings, publicUrl: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const pumpErrors = new Counter({
    name: "detour_pump_errors_total",
    help: "How often a loop failed and was tried again.",
    labelNames: ["pump"],
    registers: [registry],
  });

  return {
    chat: watchSends(registry),
    pumpFailed: (pump) => pumpErrors.inc({ pump }),
    watchRequests: watchRequests(registry),
    routes({ pools, clock, router }) {
      watchPools(registry, pools);
      const board = createBoard({ db: pools.back, clock, router, registry });
      return metricsRoute({ registry, board, settings, publicUrl });
    },
  };
}

function watchPools(registry: Registry, pools: Sources["pools"]): void {
  const connections = new Gauge({
    name: "detour_pg_connections",
    help: "Connections of this process to PostgreSQL; `waiting` are statements that wait for one.",
    labelNames: ["pool", "state"],
    registers: [],
    collect() {
      for (const [pool, db] of Object.entries(pools)) {
        const { open, idle, waiting, most } = db.use();
        this.set({ pool, state: "idle" }, idle);
        this.set({ pool, state: "busy" }, open - idle);
        this.set({ pool, state: "waiting" }, waiting);
        this.set({ pool, state: "most" }, most);
      }
    },
  });
  registry.registerMetric(connections);
}

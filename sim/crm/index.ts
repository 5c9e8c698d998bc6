import type { AddressInfo } from "node:net";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { millis } from "#kit";
import type { Clock } from "#kit";
import type { Customer } from "#crm";
import { createInFlight } from "../kit/inflight.ts";
import { createJournal } from "../kit/journal.ts";
import type { Journal } from "../kit/journal.ts";
import { demoCustomers, demoOrders } from "./orders.ts";
import type { DemoOrder } from "./orders.ts";

export { demoOrders, demoPhones } from "./orders.ts";

/** What goes wrong on purpose. Change any field at any moment. */
interface CrmFaults {
  /** How long every answer takes. */
  delayMs: number;
  /** Answer with this status instead of data. */
  status: number | null;
  /** Break every connection. */
  down: boolean;
}

export interface CrmOptions {
  clock: Clock;
  token: string;
  /** The toy shop's in Russian when left out. */
  orders?: DemoOrder[];
  customers?: Customer[];
}

/** A stand-in for a shop's CRM, speaking the demo protocol: `GET /customers` and `GET /orders`. */
export interface CrmServer {
  readonly url: string;
  readonly faults: CrmFaults;
  /** The shop's data; change it at any moment. */
  readonly orders: DemoOrder[];
  readonly customers: Customer[];
  readonly journal: Journal;
  /** Starts to listen on 127.0.0.1; 0 takes a free port. */
  listen(port?: number): Promise<string>;
  idle(): Promise<void>;
  close(): Promise<void>;
}

const noFaults = (): CrmFaults => ({ delayMs: 0, status: null, down: false });

export function createCrm(options: CrmOptions): CrmServer {
  const { clock } = options;
  const faults = noFaults();
  const inFlight = createInFlight();
  const journal = createJournal(clock, "crm");
  const orders = options.orders ?? demoOrders(clock.now(), "ru");
  const customers = options.customers ?? demoCustomers();
  const app = fastify({ forceCloseConnections: true });
  let port = 0;

  app.addHook("onRequest", async (request, reply) => {
    const params = request.query;
    const over = journal.open({ from: "detour", to: "crm", method: request.method, path: request.url, params });
    const end = inFlight.begin();
    reply.raw.once("close", () => {
      over(reply.raw.writableFinished ? reply.statusCode : null);
      end();
    });
    if (faults.delayMs > 0) {
      end();
      await new Promise<void>((resolve) => clock.after(millis(faults.delayMs), resolve));
    }
    const status = request.headers.authorization === `Bearer ${options.token}` ? faults.status : 401;
    if (faults.down) reply.hijack().raw.destroy();
    else if (status !== null) await reply.code(status).send({ error: "refused" });
  });
  addRoutes(app, orders, customers);

  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    faults,
    orders,
    customers,
    journal,
    async listen(wanted = 0) {
      await app.listen({ port: wanted, host: "127.0.0.1" });
      port = (app.server.address() as AddressInfo).port;
      return `http://127.0.0.1:${port}`;
    },
    idle: () => inFlight.idle(),
    close: () => app.close(),
  };
}

type Query = { Querystring: { phone?: string; number?: string } };

function addRoutes(app: FastifyInstance, orders: DemoOrder[], customers: Customer[]): void {
  app.get<Query>("/customers", async ({ query }) => ({
    customers: customers.filter(({ phone }) => phone === query.phone).slice(0, 1),
  }));
  app.get<Query>("/orders", async ({ query }) => ({
    orders: orders
      .filter((order) => (query.number === undefined ? order.phone === query.phone : order.number === query.number))
      .toSorted((one, other) => other.placedAt - one.placedAt)
      .slice(0, 20),
  }));
}

import type { Database, Wakes } from "#db";
import { later, seconds, type Clock, type Instant, type JsonObject } from "#kit";
import type { SettingsOf } from "#config";
import type { Pump } from "#jobs";
import type { Staff } from "#staff";
import type { FastifyPluginAsync } from "fastify";
import { brandRoutes } from "./brand-routes.ts";
import { createBrands, type Brands } from "./brands.ts";
import type { ConnectionKind, ConsoleAddress } from "./connection.ts";
import type { Brand } from "./core/brand.ts";
import { connectionRoutes } from "./connection-routes.ts";
import { createConnections, type Connections, type Log } from "./connections.ts";
import { addressesOf, examineConnection, type Examined } from "./examine.ts";
import { createRegistrar } from "./registrar.ts";
import { createSeal, type Seal } from "./seal.ts";
import type { companySettings } from "./settings.ts";
import { createVault } from "./vault.ts";

export interface CompanyDeps {
  db: Database;
  staff: Pick<Staff, "guard" | "operatorOf">;
  /** Where providers reach us. */
  publicUrl: string;
  clock: Clock;
  wakes: Wakes;
  log: Log;
  settings: SettingsOf<typeof companySettings>;
  /** The brand of whatever names none, as the settings describe it. */
  standard: Brand;
}

/** Our brands, and our accounts at providers. */
export interface Company {
  brands: Omit<Brands, "reload">;
  connections: Omit<Connections, "reload" | "look">;
  /** For other secrets that are kept in the database. */
  seal: Seal;
  /** Declares a kind of connection; before `open`. */
  define<Settings extends JsonObject>(kind: ConnectionKind<Settings>): void;
  /** Something of it was changed in the database: reads it anew here, and wakes the other processes. */
  refresh(): Promise<void>;
  /** Reads everything and hands each kind its connections. */
  open(): Promise<void>;
  /** A sentence for each connection that does not work, after a round trip with each. */
  troubles(): Promise<string[]>;
  /** Every connection after a round trip; those that cannot be used with the reason. Takes none into use: without `open`. */
  examine(): Promise<Examined[]>;
  /** What is pasted into the providers' consoles, once for each address. */
  addresses(): ConsoleAddress[];
  /** For those who run the company; registered under `/api`. */
  routes: FastifyPluginAsync;
  pump: Pump;
}

/** A wake may be lost with its line; then a poll notices the change after this long. */
const LOOK_AGAIN = seconds(15);

/** Builds the room; `define` the kinds, then `open`. */
export function createCompany(deps: CompanyDeps): Company {
  const { db, staff, publicUrl, clock, wakes, log, settings, standard } = deps;
  const kinds = new Map<string, ConnectionKind>();
  const seal = createSeal(settings.SECRETS_KEY, settings.SECRETS_KEY_OLD);
  const vault = createVault({ tenant: db.tenant, seal }, kinds);
  const connections = createConnections({ db, log, kinds, vault });
  const brands = createBrands({ db, standard });
  let lookAt: Instant | null = null;
  wakes.on("connections", () => void (lookAt = null));

  let reading = Promise.resolve();

  /** One after another: an older reading never overtakes a newer one. */
  function reload(): Promise<void> {
    reading = reading.catch(() => {}).then(read);
    return reading;
  }

  async function read(): Promise<void> {
    lookAt = later(clock.now(), LOOK_AGAIN);
    try {
      await brands.reload();
      await connections.reload();
    } catch (error) {
      lookAt = null;
      throw error;
    }
  }

  async function refresh(): Promise<void> {
    wakes.wake("connections");
    await reload();
  }

  const registrar = createRegistrar({ db, clock, kinds, vault, connections, brands, refresh });

  return {
    brands,
    connections,
    seal,
    define: (kind) => void kinds.set(kind.kind, kind),
    refresh,
    open: reload,
    async troubles() {
      const shut = connections
        .stored()
        .flatMap(({ row, trouble }) => (row.enabled && trouble !== null ? [trouble] : []));
      const asked = await Promise.all(
        connections.inUse().map(async (connection) => {
          const answer = await kinds.get(connection.kind)!.check(connection.settings);
          return answer.ok ? [] : [`${connection.kind} ${connection.name}: ${answer.sentence}`];
        }),
      );
      return [...shut, ...asked.flat()];
    },
    async examine() {
      await connections.look();
      const shut = connections
        .stored()
        .flatMap(({ row, trouble }) =>
          row.enabled && trouble !== null
            ? [{ name: `${row.kind} ${row.account}`, answer: { ok: false as const, sentence: trouble }, addresses: [] }]
            : [],
        );
      const used = connections.inUse().map((one) => examineConnection(kinds.get(one.kind)!, one, publicUrl));
      return [...shut, ...(await Promise.all(used))];
    },
    addresses() {
      const all = connections.inUse().flatMap((one) => addressesOf(kinds.get(one.kind)!, one, publicUrl));
      return [...new Map(all.map((address) => [address.url, address])).values()];
    },
    async routes(app) {
      await app.register(brandRoutes({ db, clock, staff, brands, refresh }));
      await app.register(connectionRoutes({ staff, kinds, connections, registrar, publicUrl }));
    },
    pump: {
      name: "company",
      wokenBy: ["connections"],
      async work() {
        if (lookAt === null || lookAt <= clock.now()) await reload();
        return 0;
      },
      nextDueAt: async () => null,
    },
  };
}

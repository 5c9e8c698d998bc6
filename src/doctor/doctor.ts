import type { HttpSettings } from "#http";
import type { Clock } from "#kit";
import { clocksOf } from "./clocks.ts";
import type { Finding } from "./core/finding.ts";
import { judgeClocks, judgeNode, type OtherClock } from "./core/judge.ts";
import { visitDatabase, type ExaminedDatabase } from "./database.ts";
import { examineAddress } from "./public-address.ts";
import { examineCollector, examineServices, type Service } from "./services.ts";

/** Whom the doctor looks at. */
export interface Patient {
  settings: {
    http: HttpSettings;
    db: { DATABASE_URL?: string | undefined; DATA_DIR: string };
    watch: { OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined; OTEL_EXPORTER_OTLP_HEADERS: [string, string][] };
  };
  /** Every provider that is connected; those kept in the database only when it can be used. */
  services(database: string | null): Promise<Service[]>;
  /** Servers on the internet whose clocks are right. */
  timeTellers: string[];
  clock: Clock;
}

/** All that was found, and what is to be pasted where. */
export interface Report {
  findings: Finding[];
  addresses: Service["addresses"];
}

/** Looks at everything and changes nothing. */
export async function examine(patient: Patient): Promise<Report> {
  const { settings, clock } = patient;
  const database = await visitDatabase(settings.db, clock);
  try {
    const isUsable = database.facts !== null && database.facts.missing.length === 0;
    const services = await patient.services(isUsable ? database.url : null);
    const findings = [
      { about: "settings", state: "well", say: (t) => t.settings },
      judgeNode(process.versions.node),
      ...database.findings,
      ...judgeClocks(await otherClocks(database, patient)),
      ...(await examineWays(services, patient)),
    ] satisfies Finding[];
    return { findings, addresses: services.flatMap(({ addresses }) => addresses) };
  } finally {
    await database.leave();
  }

  async function examineWays(services: Service[], { settings }: Patient): Promise<Finding[]> {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = settings.watch;
    const traces = endpoint === undefined ? [] : [await examineCollector(endpoint, Object.fromEntries(headers))];
    if (services.length === 0)
      return [...traces, { about: "connection", state: "warning", say: (t) => t.nothingConnected }];
    return [...(await examineAddress(settings.http, clock)), ...(await examineServices(services)), ...traces];
  }
}

async function otherClocks({ facts }: ExaminedDatabase, { timeTellers, clock }: Patient): Promise<OtherClock[]> {
  const database = facts ? [{ name: null, aheadMs: facts.aheadMs, isCoarse: false }] : [];
  return [...database, ...(await clocksOf(timeTellers, clock))];
}

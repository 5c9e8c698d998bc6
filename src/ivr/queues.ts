import { recordEvents, type Database, type Tx } from "#db";
import type { Clock, JsonObject, Locale, Localized, OperatorId, PhoneNumber } from "#kit";

/** A line of callers of one brand in one language. */
export interface Queue {
  code: string;
  brand: string;
  locale: Locale;
  /** What callers hear instead of the brand's name. */
  name: Partial<Localized>;
  /** The numbers that lead here. */
  numbers: PhoneNumber[];
  rules: JsonObject;
}

/** All queues, by their code. */
export const listQueues = (db: Database): Promise<Queue[]> => db.query<Queue>(LIST, [db.tenant]);

/** Makes or replaces a queue. Answers the number that leads to another queue, if one does. */
export function saveQueue(
  db: Database,
  clock: Clock,
  queue: Queue,
  by: OperatorId,
): Promise<{ kind: "saved" } | { kind: "number-taken"; number: PhoneNumber }> {
  return db.tx(async (tx) => {
    await tx.query(ONE_AT_A_TIME, [tx.tenant]);
    const number = await takenNumber(tx, queue);
    if (number !== null) return { kind: "number-taken", number };
    const { code, brand, locale, name, numbers, rules } = queue;
    const json = [name, rules].map((value) => JSON.stringify(value));
    await tx.query(UPSERT, [tx.tenant, code, brand, locale, ...json, numbers[0] ?? null]);
    await tx.query(LEAVE, [tx.tenant, code, numbers]);
    await tx.query(LEAD, [tx.tenant, code, numbers]);
    const data = { code, brand, locale, numbers: numbers.length, by };
    await recordEvents(tx, [{ at: clock.now(), kind: "queue.saved", data }]);
    return { kind: "saved" };
  });
}

async function takenNumber(tx: Tx, { code, numbers }: Queue): Promise<PhoneNumber | null> {
  const [taken] = await tx.query<{ number: PhoneNumber }>(TAKEN, [tx.tenant, code, numbers]);
  return taken?.number ?? null;
}

const LIST = `
  select q.code, q.brand, q.locale, q.name, q.rules,
    array(select h.number from hotline h where h.tenant = $1 and h.queue = q.code order by h.number = q.number desc, h.number) as numbers
  from queue q where q.tenant = $1 order by q.code`;

const ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended($1 || ' hotlines', 0))";

const TAKEN = "select number from hotline where tenant = $1 and queue <> $2 and number = any ($3::text[]) limit 1";

/** `number` is for the previous release. */
const UPSERT = `
  insert into queue (tenant, code, brand, locale, name, rules, number) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (tenant, code) do update set brand = excluded.brand, locale = excluded.locale, name = excluded.name,
    rules = excluded.rules, number = excluded.number`;

const LEAVE = "delete from hotline where tenant = $1 and queue = $2 and number <> all ($3::text[])";

const LEAD = `
  insert into hotline (tenant, number, queue) select $1, number, $2 from unnest($3::text[]) as number
  on conflict do nothing`;

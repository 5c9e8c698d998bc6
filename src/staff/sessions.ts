import type { Queries } from "#db";
import { days, earlier, hashToken, hours, minutes, newToken, type Clock, type OperatorId } from "#kit";
import type { Operator } from "./door.ts";
import type { StaffSettings } from "./settings.ts";

/** Sign-ins that hold. Only a hash of each token is kept: a stolen table opens no door. */
export interface Sessions {
  /** A new session; the answer is its token, which is stored nowhere. */
  open(queries: Queries, operatorId: OperatorId): Promise<string>;
  /** Whose session this is, while neither idle nor absolute time is over and the account is enabled. */
  find(token: string): Promise<Operator | null>;
  /** The same, and a sign of life. */
  use(token: string): Promise<Operator | null>;
  close(token: string): Promise<void>;
  closeAll(queries: Queries, operatorId: OperatorId): Promise<void>;
}

const TOKEN_BYTES = 32;
/** A busy operator does not write a row with every request. */
const NOTICE_AFTER = minutes(1);

type Found = Operator & { seenAt: number };

/** Keeps sessions in the database. */
export function createSessions(front: Queries, clock: Clock, settings: StaffSettings): Sessions {
  const { tenant } = front;
  const idle = hours(settings.SESSION_IDLE_HOURS);
  const absolute = days(settings.SESSION_DAYS);

  async function load(token: string): Promise<Found | null> {
    if (token === "") return null;
    const now = clock.now();
    const values = [tenant, hashToken(token), new Date(earlier(now, idle)), new Date(earlier(now, absolute))];
    return (await front.query<Found>(FIND, values))[0] ?? null;
  }

  return {
    async open(queries, operatorId) {
      const token = newToken(TOKEN_BYTES);
      await queries.query(OPEN, [tenant, hashToken(token), operatorId, new Date(clock.now())]);
      return token;
    },
    find: async (token) => withoutSeen(await load(token)),
    async use(token) {
      const found = await load(token);
      if (found && found.seenAt < earlier(clock.now(), NOTICE_AFTER))
        await front.query(SEEN, [tenant, hashToken(token), new Date(clock.now())]);
      return withoutSeen(found);
    },
    close: async (token) => void (await front.query(CLOSE, [tenant, hashToken(token)])),
    closeAll: async (queries, operatorId) => void (await queries.query(CLOSE_ALL, [tenant, operatorId])),
  };
}

function withoutSeen(found: Found | null): Operator | null {
  if (!found) return null;
  const { seenAt: _seenAt, ...operator } = found;
  return operator;
}

const OPEN = `insert into session (tenant, token_hash, operator_id, created_at, seen_at) values ($1, $2, $3, $4, $4)`;
const SEEN = `update session set seen_at = $3 where tenant = $1 and token_hash = $2`;
const CLOSE = `delete from session where tenant = $1 and token_hash = $2`;
const CLOSE_ALL = `delete from session where tenant = $1 and operator_id = $2`;
const FIND = `
  select operator.id, name, email, role, locale, capacity, phone, seen_at as "seenAt"
  from session join operator on operator.tenant = session.tenant and operator.id = session.operator_id
  where session.tenant = $1 and token_hash = $2 and seen_at > $3 and session.created_at > $4 and disabled_at is null`;

import { recordEvents, type Database } from "#db";
import { newId, type Clock, type Locale, type OperatorId, type ScreenLocale } from "#kit";
import { emailKey } from "./core/account.ts";
import type { Operator, Role } from "./door.ts";
import { hashPassword } from "./passwords.ts";
import type { Presence, Presences } from "./presences.ts";
import type { Sessions } from "./sessions.ts";

interface NewAccount {
  email: string;
  name: string;
  role: Role;
  locale: ScreenLocale;
  password: string;
  capacity: number;
  /** Spoken with customers; those of the screens when left out. */
  languages?: Locale[] | undefined;
  phone: string | null;
}

/** What an administrator may change; absent stays as it is. */
interface AccountChange {
  role?: Role | undefined;
  disabled?: boolean | undefined;
  password?: string | undefined;
  capacity?: number | undefined;
  languages?: Locale[] | undefined;
  phone?: string | null | undefined;
}

type ChangeOutcome = { kind: "changed"; account: Account } | { kind: "not-found" } | { kind: "last-admin" };

/** An operator as administrators see it. */
type Account = Operator & { languages: Locale[]; disabled: boolean };

/** An operator as colleagues see it. */
interface Colleague {
  id: string;
  name: string;
  role: Role;
  presence: Presence;
  openChats: number;
}

/** The accounts of operators. */
export interface Accounts {
  /** Null when the email is taken. */
  create(account: NewAccount, by: OperatorId | null): Promise<Account | null>;
  exists(email: string): Promise<boolean>;
  /** For sign-in only: the one place where a password's hash is read. */
  withHash(
    email: string,
  ): Promise<{ id: OperatorId; name: string; role: Role; locale: ScreenLocale; hash: string } | null>;
  change(id: OperatorId, change: AccountChange, by: OperatorId): Promise<ChangeOutcome>;
  colleagues(): Promise<Colleague[]>;
}

interface Deps {
  front: Database;
  clock: Clock;
  sessions: Sessions;
  presences: Presences;
}

/** Keeps the accounts in the database. */
export function createAccounts({ front, clock, sessions, presences }: Deps): Accounts {
  const { tenant, prisma } = front;

  return {
    async create(account, by) {
      const hash = await hashPassword(account.password);
      const id = newId<OperatorId>(clock.now());
      const values = [
        tenant,
        id,
        emailKey(account.email),
        account.name,
        hash,
        account.role,
        account.locale,
        account.capacity,
      ];
      return front.tx(async (tx) => {
        const [created] = await tx.query<Account>(CREATE, [
          ...values,
          account.languages ?? [account.locale],
          account.phone,
          new Date(clock.now()),
        ]);
        if (created)
          await recordEvents(tx, [{ at: clock.now(), kind: "operator.created", operatorId: id, data: { by } }]);
        return created ?? null;
      });
    },

    exists: async (email) => (await prisma.operator.count({ where: { tenant, email: emailKey(email) } })) > 0,

    async withHash(email) {
      const found = await prisma.operator.findFirst({ where: { tenant, email: emailKey(email), disabledAt: null } });
      if (!found) return null;
      return {
        id: found.id as OperatorId,
        name: found.name,
        role: found.role as Role,
        locale: found.locale as ScreenLocale,
        hash: found.passwordHash,
      };
    },

    async change(id, change, by) {
      const hash = change.password === undefined ? null : await hashPassword(change.password);
      return front.tx(async (tx) => {
        // All administrators are locked first, so that two of them cannot remove each other at once.
        const admins = await tx.query<{ id: string }>(LOCK_ADMINS, [tenant]);
        const losesAdmin = (change.role !== undefined && change.role !== "admin") || change.disabled === true;
        if (losesAdmin && admins.length === 1 && admins[0]!.id === id) return { kind: "last-admin" };

        const values = [
          tenant,
          id,
          change.role ?? null,
          hash,
          change.capacity ?? null,
          change.phone !== undefined,
          change.phone ?? null,
          change.disabled ?? null,
          new Date(clock.now()),
          change.languages ?? null,
        ];
        const [account] = await tx.query<Account>(CHANGE, values);
        if (!account) return { kind: "not-found" };

        const endsSessions = hash !== null || change.role !== undefined || change.disabled === true;
        if (endsSessions) await sessions.closeAll(tx, id);
        if (change.disabled === true) await presences.change(tx, id, { status: "offline", reason: null });
        const fields = Object.keys(change).sort();
        await recordEvents(tx, [{ at: clock.now(), kind: "operator.changed", operatorId: id, data: { by, fields } }]);
        return { kind: "changed", account };
      });
    },

    async colleagues() {
      const [operators, present, chats] = await Promise.all([
        prisma.operator.findMany({ where: { tenant, disabledAt: null }, orderBy: { name: "asc" } }),
        prisma.presence.findMany({ where: { tenant } }),
        prisma.conversation.groupBy({
          by: ["operatorId"],
          where: { tenant, closedAt: null, operatorId: { not: null } },
          _count: { _all: true },
        }),
      ]);
      const presence = new Map(
        present.map((row) => [row.operatorId, { status: row.status as Presence["status"], reason: row.reason }]),
      );
      const openChats = new Map(chats.map((row) => [row.operatorId, row._count._all]));
      return operators.map(({ id, name, role }) => ({
        id,
        name,
        role: role as Role,
        presence: presence.get(id) ?? { status: "offline", reason: null },
        openChats: openChats.get(id) ?? 0,
      }));
    },
  };
}

const ACCOUNT = `id, email, name, role, locale, capacity, languages, phone, disabled_at is not null as disabled`;

const CREATE = `
  insert into operator (tenant, id, email, name, password_hash, role, locale, capacity, languages, phone, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict (tenant, email) do nothing returning ${ACCOUNT}`;

const LOCK_ADMINS = `
  select id from operator where tenant = $1 and role = 'admin' and disabled_at is null order by id for update`;

const CHANGE = `
  update operator set role = coalesce($3::text, role), password_hash = coalesce($4::text, password_hash),
    capacity = coalesce($5::int, capacity), phone = case when $6::boolean then $7::text else phone end,
    disabled_at = case $8::boolean when true then coalesce(disabled_at, $9::timestamptz) when false then null else disabled_at end,
    languages = coalesce($10::text[], languages)
  where tenant = $1 and id = $2 returning ${ACCOUNT}`;

import type { Queries, Tx } from "#db";
import type { ScreenLocale, OperatorId } from "#kit";
import type { FastifyPluginAsync, FastifyRequest, onRequestAsyncHookHandler } from "fastify";

export type Role = "operator" | "supervisor" | "admin";
export type PresenceStatus = "online" | "away" | "offline";

export interface Operator {
  id: OperatorId;
  name: string;
  email: string;
  role: Role;
  locale: ScreenLocale;
  capacity: number;
  /** Their own endpoint for calls: E.164, `client:name` or SIP; null when they take none. */
  phone: string | null;
}

export interface Staff {
  /** Sign-in, sign-out, presence, the list of operators. */
  routes: FastifyPluginAsync;
  /** A hook that lets only signed-in operators of these roles pass (401, 403); refuses foreign origins. */
  guard(...roles: Role[]): onRequestAsyncHookHandler;
  /** The signed-in operator of a guarded request. */
  operatorOf(request: FastifyRequest): Operator;
  /** Who is signed in by this request's cookie, if anybody; does not count as a sign of life. For the live channel. */
  authenticate: (request: FastifyRequest) => Promise<Operator | null>;
  /** How many are online and not on a break: `s` of the wait estimate. */
  online(queries: Queries): Promise<number>;
  /** Creates the account when no account with this email exists; answers whether it did. */
  ensureOperator(account: {
    email: string;
    name: string;
    role: Role;
    locale: ScreenLocale;
    password: string;
    capacity?: number;
    phone?: string;
  }): Promise<boolean>;
  /** Runs after an operator's presence changed, in its transaction: the chat sweeps its queue then. */
  onPresence(run: (tx: Tx, operatorId: OperatorId, status: PresenceStatus) => Promise<void>): void;
}

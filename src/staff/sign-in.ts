import { recordEvents, type Database } from "#db";
import { between, seconds, type Clock, type ScreenLocale, type OperatorId } from "#kit";
import type { Accounts } from "./accounts.ts";
import { emailKey } from "./core/account.ts";
import type { Role } from "./door.ts";
import { isPassword } from "./passwords.ts";
import type { Sessions } from "./sessions.ts";
import type { SignInGuard } from "./sign-in-guard.ts";

/** What became of a try to sign in. */
export type SignInOutcome =
  | { kind: "signed-in"; token: string; operator: { id: OperatorId; name: string; role: Role; locale: ScreenLocale } }
  | { kind: "failed" }
  | { kind: "wait"; seconds: number };

/** What signing in needs. */
export interface SignInDeps {
  front: Database;
  clock: Clock;
  accounts: Accounts;
  sessions: Sessions;
  signIns: SignInGuard;
}

/** One try: the answer and its time are the same whether the account does not exist, is disabled or has another password. */
export async function signIn(
  deps: SignInDeps,
  given: { email: string; password: string; address: string },
): Promise<SignInOutcome> {
  const { signIns, clock } = deps;
  const key = emailKey(given.email);
  const turn = signIns.begin(key, given.address);
  if (turn.kind === "wait") return { kind: "wait", seconds: Math.ceil(between(clock.now(), turn.until) / seconds(1)) };
  try {
    const outcome = await judge(deps, given);
    if (outcome.kind === "signed-in") signIns.succeed(key, given.address);
    return outcome;
  } catch (error) {
    signIns.giveUp(key, given.address);
    throw error;
  }
}

async function judge(
  { front, clock, accounts, sessions }: SignInDeps,
  given: { email: string; password: string },
): Promise<SignInOutcome> {
  const account = await accounts.withHash(given.email);
  const isRight = await isPassword(given.password, account?.hash ?? null);
  if (!account || !isRight) return { kind: "failed" };
  const { id, name, role, locale } = account;
  const token = await front.tx(async (tx) => {
    await recordEvents(tx, [{ at: clock.now(), kind: "operator.signed-in", operatorId: id }]);
    return sessions.open(tx, id);
  });
  return { kind: "signed-in", token, operator: { id, name, role, locale } };
}

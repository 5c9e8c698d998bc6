import { sameSecret } from "#kit";
import type { Connection } from "#company";
import type { Account, Webhook } from "../../channel.ts";
import type { WhatsAppAccount } from "./settings.ts";
import { isSigned } from "./signature.ts";

/** Our business numbers as they are now. */
export interface Numbers {
  use(connections: Connection<WhatsAppAccount>[]): void;
  all(): string[];
  find(account: string): WhatsAppAccount | null;
  traits(account: string): Account | null;
  /** The numbers whose app secret signed this; of one number when the address names it. Looked up once per webhook. */
  signersOf(webhook: Webhook): WhatsAppAccount[];
  knowsVerifyToken(token: string, account: string | null): boolean;
  countUnacknowledged(account: string): void;
  /** Acknowledgements of this number that failed since the start. */
  unacknowledged(account: string): number;
}

export function createNumbers(): Numbers {
  let connections = new Map<string, Connection<WhatsAppAccount>>();
  let signers = new WeakMap<Webhook, WhatsAppAccount[]>();
  const failures = new Map<string, number>();

  const named = (account: string | null): WhatsAppAccount[] =>
    [...connections.values()]
      .filter((connection) => account === null || connection.account === account)
      .map(({ settings }) => settings);

  /** Numbers of one app share its secret: each secret is tried once. */
  function findSigners({ headers, rawBody, account }: Webhook): WhatsAppAccount[] {
    const tried = new Map<string, boolean>();
    const signs = (secret: string) => {
      const known = tried.get(secret) ?? isSigned(rawBody, headers["x-hub-signature-256"], [secret]);
      tried.set(secret, known);
      return known;
    };
    return named(account).filter(({ appSecret, appSecretOld }) => signs(appSecret) || signs(appSecretOld));
  }

  return {
    use(next) {
      connections = new Map(next.map((connection) => [connection.account, connection]));
      signers = new WeakMap();
    },
    all: () => [...connections.keys()],
    find: (account) => connections.get(account)?.settings ?? null,
    traits(account) {
      const connection = connections.get(account);
      if (!connection) return null;
      const { messagesPerSecond, inviteTemplate } = connection.settings;
      return { brand: connection.brand, perSecond: messagesPerSecond, inviteTemplate };
    },
    signersOf(webhook) {
      const known = signers.get(webhook) ?? findSigners(webhook);
      signers.set(webhook, known);
      return known;
    },
    knowsVerifyToken: (token, account) => named(account).some(({ verifyToken }) => sameSecret(token, verifyToken)),
    countUnacknowledged: (account) => void failures.set(account, (failures.get(account) ?? 0) + 1),
    unacknowledged: (account) => failures.get(account) ?? 0,
  };
}

import type { Connection } from "#company";
import type { Account } from "../../channel.ts";
import type { WhatsAppWebAccount } from "./account.ts";

/** Our linked accounts as they are now. */
export interface Accounts {
  use(connections: Connection<WhatsAppWebAccount>[]): void;
  all(): Connection<WhatsAppWebAccount>[];
  find(account: string): WhatsAppWebAccount | null;
  /** Those that talk with customers. */
  talking(): string[];
  /** Those that may be asked about numbers. */
  asked(): WhatsAppWebAccount[];
  traits(account: string): Account | null;
}

export function createAccounts(): Accounts {
  let connections: Connection<WhatsAppWebAccount>[] = [];
  const settings = () => connections.map((connection) => connection.settings);

  return {
    use: (next) => void (connections = next),
    all: () => connections,
    find: (account) => settings().find(({ number }) => number === account) ?? null,
    talking: () => settings().flatMap(({ number, channel }) => (channel ? [number] : [])),
    asked: () => settings().filter(({ probe }) => probe),
    traits(account) {
      const connection = connections.find((one) => one.account === account && one.settings.channel);
      if (!connection) return null;
      const { brand, settings } = connection;
      return { brand, invites: settings.invites, perSecond: null, inviteTemplate: null };
    },
  };
}

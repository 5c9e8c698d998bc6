import type * as Baileys from "@whiskeysockets/baileys";
import type { AuthenticationCreds, SignalDataTypeMap, SignalKeyStore } from "@whiskeysockets/baileys";
import type { Host, KeyEntry } from "./protocol.ts";

type Library = typeof Baileys;

/** The library's keys as text: bytes survive, and one kind comes back as the class the library expects. */
export function createKeyStore(
  { BufferJSON, proto }: Library,
  host: Pick<Host, "readKeys" | "writeKeys">,
): SignalKeyStore {
  const revive = (type: string, text: string): unknown => {
    const value = JSON.parse(text, BufferJSON.reviver);
    return type === "app-state-sync-key" ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
  };

  return {
    async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const entries = await host.readKeys(type, ids);
      const found = entries.map(({ id, value }) => [id, revive(type, value!)]);
      return Object.fromEntries(found) as { [id: string]: SignalDataTypeMap[T] };
    },
    async set(data) {
      const entries = Object.entries(data).flatMap(([type, values]) =>
        Object.entries(values ?? {}).map(([id, value]): KeyEntry => {
          const isGone = value === null || value === undefined;
          return { type, id, value: isGone ? null : JSON.stringify(value, BufferJSON.replacer) };
        }),
      );
      if (entries.length > 0) await host.writeKeys(entries);
    },
  };
}

/** Credentials of an earlier link, or new ones. */
export const readCredentials = ({ BufferJSON, initAuthCreds }: Library, text: string | null): AuthenticationCreds =>
  text === null ? initAuthCreds() : (JSON.parse(text, BufferJSON.reviver) as AuthenticationCreds);

/** The account has signed this browser: from then on the credentials are worth keeping. */
export const isPaired = (credentials: AuthenticationCreds): boolean => credentials.account !== undefined;

import type { ConnectionKind } from "#company";
import type { SettingsOf } from "#config";
import { checkOf } from "./check.ts";
import type { Client } from "./client.ts";
import type { Numbers } from "./numbers.ts";
import { accountFrom, whatsAppAccount } from "./settings.ts";
import type { GraphApi, WhatsAppAccount, whatsAppSettings } from "./settings.ts";

/** How a business number is connected: what it needs, how it is tried, what is pasted into Meta's console. */
export const whatsAppKind = (
  kind: string,
  settings: SettingsOf<typeof whatsAppSettings>,
  { api, client, numbers }: { api: GraphApi; client: Client; numbers: Numbers },
): ConnectionKind<WhatsAppAccount> => ({
  kind,
  schema: whatsAppAccount,
  secrets: ["accessToken", "appSecret", "appSecretOld", "verifyToken"],
  accountOf: ({ phoneNumberId }) => phoneNumberId,
  fromEnvironment: accountFrom(settings),

  async check({ accessToken, phoneNumberId }) {
    const result = checkOf(await client.get(accessToken, `/${phoneNumberId}`), api.baseUrl);
    if (!result.ok) return result;
    return { ok: true, facts: { ...result.facts, unacknowledged: numbers.unacknowledged(phoneNumberId) } };
  },

  use: (connections) => numbers.use(connections),

  addresses: (_connection, publicUrl) => [{ what: "Webhook of the app", url: `${publicUrl}/channels/${kind}/webhook` }],
});

import type { Checked } from "#company";
import { minutes } from "#kit";
import type { Client, Reply } from "./client.ts";
import { botSchema, webhookInfoSchema } from "./schema.ts";
import type { TelegramBot } from "./settings.ts";

/** A webhook error as old as this, with nothing waiting, is history. */
const RECENT = minutes(10);

interface Place {
  baseUrl: string;
  /** Where this bot's updates should go. */
  webhook: string;
  /** Why Telegram did not take this address, in its words. */
  refused: string | null;
  now: number;
}

/** Asks Telegram who the bot is and how its updates fare; says what is wrong in a sentence. */
export async function checkBot(client: Client, { token, polling }: TelegramBot, place: Place): Promise<Checked> {
  const reply = await client.call(token, (api) => api.getMe());
  const me = reply.kind === "done" ? botSchema.safeParse(reply.result).data : undefined;
  if (!me) return wrong(troubleOf(reply, place.baseUrl));
  const told = await client.call(token, (api) => api.getWebhookInfo());
  const info = told.kind === "done" ? webhookInfoSchema.safeParse(told.result).data : undefined;
  if (!info) return wrong(troubleOf(told, place.baseUrl));
  const { url, pending_update_count: waiting, last_error_message: words, last_error_date: at } = info;
  const facts = { username: me.username, name: me.first_name, webhook: url, waiting, lastError: words ?? null };
  if (polling) return url === "" ? { ok: true, facts } : wrong(ELSEWHERE(url));
  if (url !== place.webhook) return wrong(url === "" ? NOWHERE(place) : ELSEWHERE(url));
  const isRecent = at !== undefined && place.now - at * 1000 < RECENT;
  if (words !== undefined && (waiting > 0 || isRecent)) return wrong(REFUSED(words, waiting, url));
  return { ok: true, facts };
}

const wrong = (sentence: string): Checked => ({ ok: false, sentence });

const NOWHERE = ({ webhook, refused }: Place) =>
  `Telegram does not send updates to ${webhook}${refused === null ? "" : `: "${refused}"`}. It takes https addresses that it can reach: check PUBLIC_URL, or set TELEGRAM_POLLING=on.`;

const ELSEWHERE = (url: string) =>
  `Telegram sends this bot's updates to ${url}, not here. Stop the other program, or give each its own bot, and start again.`;

const REFUSED = (words: string, waiting: number, url: string) =>
  `Telegram could not deliver updates to ${url}: "${words}"; ${waiting} wait. Check that this address is reachable over https.`;

function troubleOf(reply: Reply, baseUrl: string): string {
  switch (reply.kind) {
    case "refused":
      return reply.code === 401 || reply.code === 404
        ? "Telegram does not know this bot token. Copy it again from @BotFather (TELEGRAM_BOT_TOKEN)."
        : `Telegram answered error ${reply.code}: ${reply.words}. Try again in a minute.`;
    case "unsent":
    case "lost":
      return `Telegram did not answer at ${baseUrl} (${reply.words}). Check the network and TELEGRAM_BASE_URL.`;
    default:
      return `What answers at ${baseUrl} is not the Bot API. Check TELEGRAM_BASE_URL.`;
  }
}

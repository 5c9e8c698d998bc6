import type { JsonObject } from "#kit";
import type { z } from "zod";

/** One of our own accounts at a provider: a business number, a bot, a telephone account. */
export interface Connection<Settings extends JsonObject = JsonObject> {
  id: string;
  kind: string;
  /** The provider's id of the account. */
  account: string;
  /** The brand it serves; null serves every brand. */
  brand: string | null;
  name: string;
  /** Complete, secrets included. */
  settings: Settings;
  source: "environment" | "database";
}

/** What a round trip to the provider showed. */
export type Checked = { ok: true; facts: JsonObject } | { ok: false; sentence: string };

/** A place an administrator pastes into the provider's console. */
export interface ConsoleAddress {
  what: string;
  url: string;
}

/** A kind of account, declared by the provider's folder. */
export interface ConnectionKind<Settings extends JsonObject = JsonObject> {
  readonly kind: string;
  /** Everything a connection needs. What is named in `secrets` is sealed; an empty secret is an absent one. */
  readonly schema: z.ZodObject & z.ZodType<Settings>;
  readonly secrets: readonly (keyof Settings & string)[];
  /** The account these settings are for: one connection each. */
  accountOf(settings: Settings): string;
  /** The connection of `.env`; null when there is none. */
  readonly fromEnvironment: Settings | null;
  /** A real round trip with these settings; a sentence when something is wrong. */
  check(settings: Settings): Promise<Checked>;
  /** Called in every process at the start and after each change, with all connections of the kind. */
  use(connections: Connection<Settings>[]): void | Promise<void>;
  addresses(connection: Connection<Settings>, publicUrl: string): ConsoleAddress[];
}

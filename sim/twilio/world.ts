import type { Clock } from "#kit";
import type { Random } from "../kit/random.ts";
import type { Call } from "./call.ts";
import type { Forms } from "./forms.ts";
import type { Queues } from "./queue.ts";
import type { Sounds } from "./sounds.ts";
import type { Webhooks } from "./webhook.ts";

/** The number people call, as configured at Twilio. May change at any moment. */
export interface NumberConfig {
  number: string;
  voiceUrl: string;
  fallbackUrl?: string;
  statusCallback?: string;
}

/** What every part of the stand-in works with. */
export interface World {
  clock: Clock;
  random: Random;
  accountSid: string;
  number: NumberConfig;
  /** Every number of the account: calls may be made from each. */
  readonly numbers: string[];
  calls: Map<string, Call>;
  queues: Queues;
  forms: Forms;
  webhooks: Webhooks;
  sounds: Sounds;
  /** A new id, such as `CA` and 32 hexadecimal digits. */
  sid(prefix: "CA" | "QU" | "SM" | "PN"): string;
  /** How long speech and pauses of this length take now: the simulator may hurry them. */
  pace(ms: number): number;
  /** Something the person at the screen should know; holds no personal data. */
  log(sentence: string): void;
}

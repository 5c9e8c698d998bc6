import { later, type Instant, type Millis } from "#kit";

/** One message of the customer as the bot hears it. */
export interface Said {
  text: string;
  /** The id of the button or list row that was tapped. */
  choice: string | null;
  /** True when it was neither text nor a tap. */
  media: boolean;
  /** The chat was opened: wants a greeting when nothing else was said. */
  start?: true;
  /** The own number was shared: wants thanks and no answer. */
  phone?: true;
}

/** Messages that came close together and get one answer. */
export interface Burst {
  /** Names the burst within its conversation: an answer to another one comes too late. */
  n: number;
  firstAt: Instant;
  lastAt: Instant;
  /** When the bot was asked; null while the customer may still be typing. */
  askedAt: Instant | null;
  said: Said[];
}

/** When a burst counts as ended, and how long an asked bot may be silent before it is asked again. */
export interface BurstRules {
  quiet: Millis;
  most: Millis;
  /** Outlives the bot's time limit; reached only when the process that asked has died. */
  lease: Millis;
}

const MOST_REMEMBERED = 20;

/** A burst that begins with this message. */
export const beginBurst = (n: number, said: Said[], at: Instant): Burst => ({
  n,
  firstAt: at,
  lastAt: at,
  askedAt: null,
  said,
});

/** The burst with one more message; of very long ones the newest are kept. */
export const extendBurst = (burst: Burst, said: Said, at: Instant): Burst => ({
  ...burst,
  lastAt: at > burst.lastAt ? at : burst.lastAt,
  said: remember(burst.said, said),
});

/** When somebody must look at this burst again. */
export function burstDueAt(burst: Burst, rules: BurstRules): Instant {
  if (burst.askedAt !== null) return later(burst.askedAt, rules.lease);
  const quiet = later(burst.lastAt, rules.quiet);
  const most = later(burst.firstAt, rules.most);
  return quiet < most ? quiet : most;
}

/** The newest messages without an answer. */
export const remember = (said: Said[], next: Said): Said[] => [...said, next].slice(-MOST_REMEMBERED);

import { later, millis, unreachable, type Instant, type Millis } from "#kit";

/**
 * The life of one account's connection to WhatsApp Web, in the process that has it.
 *
 *     unpaired ─ a person asks ─▶ pairing ─ linked ─▶ connecting ─▶ open
 *        ▲                           │                  ▲     │      │
 *        └───── nobody linked it ◀───┘                  │     ▼      ▼
 *                                                       └── waiting ◀┘       halted: banned, logged out, replaced
 *
 * After some endings trying again makes things worse: the account is banned, was logged out on the telephone, or
 * somebody else has taken the connection over. Then it stays `halted` until a person decides.
 */
export type Line =
  /** With the code of the last attempt to link it, when there was one. */
  | { at: "unpaired"; code?: number }
  /** Linked, and no process has it. */
  | { at: "idle" }
  | { at: "pairing"; how: PairBy; shown: Shown | null }
  | { at: "connecting"; tries: number }
  | { at: "open"; since: Instant }
  | { at: "waiting"; tries: number; until: Instant; code: number }
  | { at: "halted"; code: number; since: Instant };

export type PairBy = "qr" | "code";

/** What the person who links the account needs to see. */
interface Shown {
  kind: PairBy;
  text: string;
  until: Instant;
}

export type LineEvent =
  /** This process has the line from now on; `paired` when credentials are there. */
  | { kind: "taken"; paired: boolean }
  /** It has it no longer. */
  | { kind: "released" }
  /** A person wants to link the account, or to try again after a halt. */
  | { kind: "pair"; how: PairBy }
  | { kind: "resume"; paired: boolean }
  | { kind: "shown"; shown: Shown }
  | { kind: "opened" }
  /** `chance` from 0 to 1 spreads the next try. */
  | { kind: "closed"; code: number; paired: boolean; chance: number }
  | { kind: "time-came" };

export type LineEffect =
  | { do: "connect" }
  | { do: "disconnect" }
  /** The credentials are worth nothing any more. */
  | { do: "forget" };

export interface LineStep {
  line: Line;
  effects: LineEffect[];
}

/** Pure. Events that do not fit leave the line as it is. */
export function step(line: Line, event: LineEvent, now: Instant): LineStep {
  switch (event.kind) {
    case "taken":
      return taken(line, event.paired);
    case "released":
      return line.at === "halted" || line.at === "unpaired" ? stay(line) : go({ at: "idle" });
    case "pair":
      return go(
        { at: "pairing", how: event.how, shown: null },
        { do: "disconnect" },
        { do: "forget" },
        { do: "connect" },
      );
    case "resume":
      return line.at === "halted" || line.at === "waiting" || line.at === "idle" ? begin(event.paired) : stay(line);
    case "shown":
      return line.at === "pairing" ? go({ ...line, shown: event.shown }) : stay(line);
    case "opened":
      return isTrying(line) ? go({ at: "open", since: now }) : stay(line);
    case "closed":
      return closed(line, event, now);
    case "time-came":
      return line.at === "waiting" && now >= line.until
        ? go({ at: "connecting", tries: line.tries }, { do: "connect" })
        : stay(line);
    default:
      return unreachable(event);
  }
}

const go = (line: Line, ...effects: LineEffect[]): LineStep => ({ line, effects });
const stay = (line: Line): LineStep => ({ line, effects: [] });
const begin = (paired: boolean): LineStep =>
  paired ? go({ at: "connecting", tries: 0 }, { do: "connect" }) : go({ at: "unpaired" });
const isTrying = (line: Line) => line.at === "connecting" || line.at === "pairing";

/** A halt survives a restart: a ban is not answered with another login. */
function taken(line: Line, paired: boolean): LineStep {
  if (line.at === "halted") return stay(line);
  return begin(paired);
}

const LOGGED_OUT = 401;
const BANNED = 403;
const MISMATCH = 411;
const REPLACED = 440;
const RESTART_REQUIRED = 515;
/** Not WhatsApp's: the package is not there. */
export const NOT_INSTALLED = 1;
/** Not WhatsApp's: another telephone confirmed the link than the one of the account. */
export const WRONG_TELEPHONE = 2;

const NEEDS_A_PERSON = new Set([LOGGED_OUT, BANNED, MISMATCH, REPLACED, NOT_INSTALLED, WRONG_TELEPHONE]);
/** After these our credentials are of no use any more. */
const CREDENTIALS_GONE = new Set([LOGGED_OUT, MISMATCH, WRONG_TELEPHONE]);

function closed(line: Line, event: Extract<LineEvent, { kind: "closed" }>, now: Instant): LineStep {
  const { code, paired, chance } = event;
  if (line.at === "halted" || line.at === "unpaired" || line.at === "idle") return stay(line);
  if (code === RESTART_REQUIRED && paired) return go({ at: "connecting", tries: 0 }, { do: "connect" });
  if (line.at === "pairing" && code !== NOT_INSTALLED) return go({ at: "unpaired", code }, { do: "forget" });
  if (NEEDS_A_PERSON.has(code)) return halt(code, now);
  const tries = line.at === "connecting" || line.at === "waiting" ? line.tries + 1 : 1;
  return go({ at: "waiting", tries, code, until: later(now, pause(tries, chance)) });
}

const halt = (code: number, now: Instant): LineStep =>
  go({ at: "halted", code, since: now }, ...(CREDENTIALS_GONE.has(code) ? [{ do: "forget" } as const] : []));

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 5 * 60_000;

/** Doubles up to five minutes; between half and all of it, so that many lines do not come back at once. */
const pause = (tries: number, chance: number): Millis =>
  millis(Math.round(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1)) * (0.5 + chance / 2)));

/** True when this is the account's own number. Some countries write a digit more or less, so the end of it decides. */
export const isSameNumber = (account: string, number: string): boolean => account.slice(-8) === number.slice(-8);

/** When the line wants to be looked at again; null when only news can change it. */
export const lineDueAt = (line: Line): Instant | null => (line.at === "waiting" ? line.until : null);

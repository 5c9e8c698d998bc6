/** How long and how hard each scenario runs. */
export interface Sizes {
  /** `rounds` pairs of one run of the bare program and one of Detour. */
  closedLoop: { rounds: number; inFlight: number; people: number; warmUpMs: number; runMs: number };
  openLoop: { perSecond: number; people: number; warmUpSeconds: number; seconds: number };
  voice: { callsPerSecond: number; warmUpSeconds: number; seconds: number; slowMessengerMs: number };
  sustained: { perSecond: number; people: number; warmUpSeconds: number; seconds: number };
  outage: {
    perSecond: number;
    beforeSeconds: number;
    downSeconds: number;
    afterSeconds: number;
    patienceSeconds: number;
  };
}

/** What `node bench/main.ts` and `node bench/main.ts --quick` run. */
export const SIZES: Record<"full" | "quick", Sizes> = {
  full: {
    closedLoop: { rounds: 5, inFlight: 256, people: 2000, warmUpMs: 3000, runMs: 6000 },
    openLoop: { perSecond: 300, people: 3000, warmUpSeconds: 5, seconds: 20 },
    voice: { callsPerSecond: 30, warmUpSeconds: 4, seconds: 15, slowMessengerMs: 1000 },
    sustained: { perSecond: 250, people: 2500, warmUpSeconds: 5, seconds: 60 },
    outage: { perSecond: 250, beforeSeconds: 4, downSeconds: 2, afterSeconds: 4, patienceSeconds: 30 },
  },
  quick: {
    closedLoop: { rounds: 2, inFlight: 256, people: 2000, warmUpMs: 1500, runMs: 2000 },
    openLoop: { perSecond: 300, people: 3000, warmUpSeconds: 2, seconds: 3 },
    voice: { callsPerSecond: 30, warmUpSeconds: 2, seconds: 3, slowMessengerMs: 1000 },
    sustained: { perSecond: 250, people: 2500, warmUpSeconds: 2, seconds: 5 },
    outage: { perSecond: 250, beforeSeconds: 1, downSeconds: 2, afterSeconds: 1, patienceSeconds: 15 },
  },
};

export interface Goal {
  what: string;
  unit: string;
  is: "at most" | "at least" | "below" | "shown";
  value: number;
}

const goal = (what: string, is: Goal["is"], value: number, unit = ""): Goal => ({ what, is, value, unit });
const shown = (what: string, unit = ""): Goal => goal(what, "shown", 0, unit);

/** Every figure the bench prints, in this order; `shown` ones have no goal of their own. */
export const GOALS = {
  "loop.ratio": goal("closed loop: messages/s of Detour by those of the bare program", "at least", 0.5),
  "loop.detour": shown("closed loop: Detour", "msg/s"),
  "loop.bare": shown("closed loop: bare program", "msg/s"),
  "loop.cpu": goal("CPU per 1,000 messages, app and database", "at most", 1, "s"),
  "loop.cpu-app": shown("of which the app", "s"),
  "loop.cpu-bare": shown("CPU per 1,000 messages, bare program and database", "s"),
  "loop.errors": goal("closed loop: webhooks refused and messages unanswered", "at most", 0),
  "open.ack-p50": shown("300 msg/s: webhook acknowledged, p50", "ms"),
  "open.ack-p99": goal("300 msg/s: webhook acknowledged, p99", "at most", 50, "ms"),
  "open.reply-p50": shown("300 msg/s: reply at the provider, p50", "ms"),
  "open.reply-p99": goal("300 msg/s: reply at the provider, p99", "at most", 100, "ms"),
  "open.errors": goal("300 msg/s: webhooks refused and messages unanswered", "at most", 0),
  "voice.p50": goal("voice webhook to TwiML at 30 calls/s, p50", "below", 20, "ms"),
  "voice.p99": goal("voice webhook to TwiML at 30 calls/s, p99", "at most", 50, "ms"),
  "voice.slow-p50": goal("the same while the messenger takes 1 s, p50", "below", 20, "ms"),
  "voice.slow-p99": goal("the same while the messenger takes 1 s, p99", "at most", 50, "ms"),
  "voice.invites": shown("invites that reached the messenger in both runs"),
  "voice.errors": goal("voice webhooks that failed", "at most", 0),
  "sustained.ack-p99": shown("250 turns/s + 750 statuses/s: webhook acknowledged, p99", "ms"),
  "sustained.reply-p50": shown("250 turns/s + 750 statuses/s: reply, p50", "ms"),
  "sustained.reply-p99": goal("250 turns/s + 750 statuses/s: reply, p99", "below", 250, "ms"),
  "sustained.errors": goal("250 turns/s: webhooks refused and messages unanswered", "at most", 0),
  "sustained.cpu": shown("250 turns/s: CPU of app and database per 1,000 turns", "s"),
  "sustained.rss": goal("memory of the app at the end", "at most", 350, "MiB"),
  "sustained.growth": shown("memory: mean of the last third less mean of the first", "MiB"),
  "outage.lost": goal("messenger down 2 s under load: messages lost", "at most", 0),
  "outage.repeated": shown("answered twice"),
  "outage.unclear": shown("in flight when the line broke: kept as unclear, not repeated"),
  "outage.drain": shown("from the messenger's return to the last owed reply", "s"),
  "two.ratio": shown("two processes: messages/s by those of one"),
  "two.one": shown("one process on all cores", "msg/s"),
  "two.two": shown("two processes on all cores", "msg/s"),
  "two.errors": goal("one and two processes: webhooks refused and messages unanswered", "at most", 0),
  "start.first": goal("first start, empty data folder", "at most", 15, "s"),
  "start.next": goal("next start", "at most", 4, "s"),
} satisfies Record<string, Goal>;

export type Figure = keyof typeof GOALS;
export type Figures = Partial<Record<Figure, number>>;

/** Whether a figure reaches its goal; null when it has none. */
export function isMet(figure: Figure, value: number): boolean | null {
  const { is, value: limit }: Goal = GOALS[figure];
  switch (is) {
    case "at most":
      return value <= limit;
    case "at least":
      return value >= limit;
    case "below":
      return value < limit;
    case "shown":
      return null;
  }
}

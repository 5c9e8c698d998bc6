import { createHmac, randomBytes } from "node:crypto";
import { Agent } from "node:http";
import type { Figures, Sizes } from "./goals.ts";
import { atRate, pause, percentile } from "./numbers.ts";
import { post } from "./provider.ts";
import { TWILIO, type Stand } from "./stand.ts";

type Form = Record<string, string>;

interface Seen {
  documentMs: number[];
  errors: number;
  open: number;
}

const QUEUE = `QU${"0".repeat(31)}1`;
/** Between two requests of a call: short, so that the rate of calls decides the load and not the length of a call. */
const BETWEEN_MS = 150;

/** Calls at an even rate: incoming, wait, for every second one key 1, wait, completed. The same with a slow messenger. */
export async function voice(stand: Stand, { voice: size }: Sizes): Promise<Figures> {
  const detour = await stand.startDetour();
  const { provider, origin } = detour;
  provider.statuses = 3;
  let invites = 0;
  provider.onReply = () => void invites++;
  const callers = createCallers(origin);
  await callers(size.callsPerSecond, size.warmUpSeconds);
  invites = 0;
  const usual = await callers(size.callsPerSecond, size.seconds);
  provider.latencyMs = size.slowMessengerMs;
  const slow = await callers(size.callsPerSecond, size.seconds);
  await pause(size.slowMessengerMs + 500);
  await detour.stop();
  return {
    "voice.p50": percentile(usual.documentMs, 50),
    "voice.p99": percentile(usual.documentMs, 99),
    "voice.slow-p50": percentile(slow.documentMs, 50),
    "voice.slow-p99": percentile(slow.documentMs, 99),
    "voice.invites": invites,
    "voice.errors": usual.errors + slow.errors,
  };
}

function createCallers(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  let dialled = 0;

  return async function run(perSecond: number, seconds: number): Promise<Seen> {
    const seen: Seen = { documentMs: [], errors: 0, open: 0 };
    await atRate(perSecond, seconds, () => void call(origin, agent, dialled++, seen));
    for (let waited = 0; seen.open > 0 && waited < 10_000; waited += 50) await pause(50);
    seen.errors += seen.open;
    return seen;
  };
}

async function call(origin: string, agent: Agent, dialled: number, seen: Seen): Promise<void> {
  const caller: Form = {
    CallSid: `CA${randomBytes(16).toString("hex")}`,
    AccountSid: TWILIO.accountSid,
    From: `+79${String(100_000_000 + dialled)}`,
    To: TWILIO.number,
    ApiVersion: "2010-04-01",
    Direction: "inbound",
  };
  const document = async (path: string, extra: Form): Promise<string> => {
    const { ms, text } = await ask(origin + path, agent, { ...caller, CallStatus: "in-progress", ...extra });
    seen.documentMs.push(ms);
    await pause(BETWEEN_MS);
    return text;
  };
  const place = { QueueSid: QUEUE, QueuePosition: "1", QueueTime: "1", CurrentQueueSize: "1", AvgQueueTime: "1" };
  seen.open++;
  try {
    await document("/voice/twilio/incoming", { CallStatus: "ringing" });
    const offer = await document("/voice/twilio/wait", place);
    if (dialled % 2 === 0) await document(`/voice/twilio/answer?turn=${turnIn(offer)}`, { Digits: "1" });
    await document("/voice/twilio/wait", place);
    await ask(`${origin}/voice/twilio/status`, agent, { ...caller, CallStatus: "completed", SequenceNumber: "3" });
  } catch {
    seen.errors++;
  } finally {
    seen.open--;
  }
}

/** Which question the offer asks; a document without one is a failure of this call. */
function turnIn(document: string): string {
  const turn = /answer\?turn=([A-Za-z0-9._~-]+)/.exec(document)?.[1];
  if (turn === undefined) throw new Error("the wait document holds no offer");
  return turn;
}

/** Signed as Twilio signs: the address and every field in the order of its name. */
function ask(url: string, agent: Agent, form: Form) {
  const signed = Object.keys(form)
    .sort()
    .reduce((words, name) => words + name + form[name], url);
  const signature = createHmac("sha1", TWILIO.authToken).update(signed).digest("base64");
  const headers = {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "x-twilio-signature": signature,
  };
  return post(url, agent, headers, new URLSearchParams(form).toString());
}

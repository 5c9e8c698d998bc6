import { instant } from "#kit";
import type { JournalEntry } from "../kit/journal.ts";
import type { Phone } from "../twilio/index.ts";
import type { Session, Stage } from "./session.ts";
import type { SimulatorState } from "./state.ts";
import { turnOf } from "./turn.ts";

/** What the page shows at this moment. */
export function snapshot(session: Session, stage: Stage): SimulatorState {
  const phone = phoneOf(session);
  const messenger = messengerOf(session, stage);
  const telegram = telegramOf(session);
  const { steps, database, conversationId } = session.story;
  const { scenario, locale, speed } = session;
  return {
    scenario,
    locale,
    speed,
    faults: [...session.faults],
    phone,
    messenger,
    telegram,
    steps,
    http: httpOf(session, stage),
    database,
    conversationId,
    yourTurn: turnOf({ phone, messenger, steps, scenario }),
  };
}

function phoneOf(session: Session): SimulatorState["phone"] {
  const { phone, number, firstCall } = session;
  const incoming = phone !== null && phone !== firstCall;
  const place = session.story.steps.findLast((step) => typeof step.data["place"] === "number")?.data["place"];
  const state = !phone ? "idle" : phone.state === "ringing" || phone.state === "ended" ? phone.state : "connected";
  return {
    state,
    number,
    incoming,
    startedAt: phone?.startedAt ?? null,
    endedAt: phone?.endedAt ?? null,
    endedBy: phone?.endedBy === "error" ? "detour" : (phone?.endedBy ?? null),
    place: state === "connected" && !incoming && typeof place === "number" ? place : null,
    lines: phone ? linesOf(session, phone) : [],
    listening: phone?.listening ?? false,
    onHold: phone?.hearing?.kind === "play",
    talkingTo: phone?.talkingWith ?? null,
  };
}

function linesOf(session: Session, phone: Phone): SimulatorState["phone"]["lines"] {
  const heard = phone.heard
    .filter(({ kind }) => kind === "say")
    .map(({ at, text }, index) => ({ id: `h${index}`, who: "hotline" as const, text, at }));
  const said = session.said.map(({ at, text }, index) => ({
    id: `s${index}`,
    who: "caller" as const,
    text,
    at: instant(at),
  }));
  return [...heard, ...said].sort((one, other) => one.at - other.at);
}

function messengerOf(session: Session, { whatsapp }: Stage): SimulatorState["messenger"] {
  const { customer } = session;
  const gone = whatsapp.faults.notOnWhatsApp;
  return {
    available: !(gone instanceof Set && gone.has(customer.waId)),
    business: "Kubik & Co",
    typing: customer.typing,
    messages: customer.messages
      .filter(({ from, status }) => from === "customer" || status === "delivered" || status === "read")
      .map(({ id, from, kind, text, at, status, choices, file }) => ({
        id,
        from,
        text,
        at,
        status: from === "customer" ? status : null,
        choices,
        file: file && { id: file.id, kind, name: file.name, size: file.size },
      })),
  };
}

function telegramOf({ telegram, story }: Session): SimulatorState["telegram"] {
  const { started, blocked, typing, messages } = telegram;
  const last = messages.at(-1);
  return {
    bot: "Kubik & Co",
    typing,
    started,
    blocked,
    hasLink: !started && story.conversationId !== null,
    asksContact: last?.from === "bot" ? last.asksContact : null,
    messages: messages.map(({ id, kind, from, text, at, buttons }, index) => ({
      id: kind === "tap" ? `tap${index}` : String(id),
      from: from === "bot" ? "business" : "customer",
      text,
      at,
      status: from === "bot" ? null : "delivered",
      file: null,
      choices: buttons.flatMap(({ text: title, data }) => (data === null ? [] : [{ id: data, title }])),
    })),
  };
}

const AT_MOST = 200;

/** Only what concerns this caller: the crowd in the queue makes the same requests all the time. */
function httpOf({ phone, firstCall, customer, telegram }: Session, stage: Stage): SimulatorState["http"] {
  const all = [phone?.sid, firstCall?.sid, customer.waId, `:${telegram.user.id},`];
  const marks = all.filter((mark): mark is string => mark !== undefined);
  const mine = (entry: JournalEntry) => {
    const words = `${entry.path} ${JSON.stringify(entry.params)}`;
    return marks.some((mark) => words.includes(mark));
  };
  return [stage.twilio, stage.whatsapp, stage.telegram, stage.crm]
    .flatMap(({ journal }) => journal.entries.filter(mine))
    .sort((one, other) => one.at - other.at)
    .slice(-AT_MOST)
    .map(({ params, ...entry }) => ({ ...entry, path: entry.path.split("?")[0]!, summary: summaryOf(params) }));
}

const TOLD = ["Digits", "SpeechResult", "QueuePosition", "QueueResult", "CallStatus", "status", "type"];

function summaryOf(params: unknown): string {
  const flat = flatten(params);
  return TOLD.flatMap((name) => (flat.has(name) ? [`${name} ${flat.get(name)}`] : []))
    .slice(0, 3)
    .join(", ");
}

/** The first value of every name, however deep. */
function flatten(value: unknown, found = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== "object" && inner !== "" && !found.has(name)) found.set(name, inner);
    flatten(inner, found);
  }
  return found;
}

import type { CrmAnswer, Order } from "#crm";
import { days, later } from "#kit";
import type { Instant, Locale, PhoneNumber } from "#kit";
import { textsIn } from "../texts/texts.ts";
import { dateIn, dayIn, moneyIn, timeIn } from "./formats.ts";

/** What the CRM said about the order asked for; the number is the one that was given. */
export type OrderAnswer =
  | { by: "number"; number: string; answer: CrmAnswer<Order & { phone: PhoneNumber | null }> }
  | { by: "phone"; answer: CrmAnswer<Order[]> };

export interface OrderView {
  language: Locale;
  /** The customer's own verified number. */
  phone: PhoneNumber | null;
  now: Instant;
  timeZone: string;
}

/** What may be told about an order, in words. */
export type OrderFinding =
  | { kind: "told"; text: string; isStranger: boolean }
  | { kind: "missing"; number: string | null }
  | { kind: "unavailable" };

const MOST_LISTED = 3;
const MOST_ITEMS = 3;

/**
 * Puts the CRM's answer into words. Pure. Caller ids can be forged and numbers guessed, so an order of another
 * phone shows its status and date only: never the goods, the sum or the place.
 */
export function findingOf(found: OrderAnswer, view: OrderView): OrderFinding {
  if (found.answer.kind === "unavailable") return { kind: "unavailable" };
  if (found.by === "phone") return found.answer.kind === "found" ? tellNewest(found.answer.value, view) : missing(null);
  return found.answer.kind === "found" ? tellAsked(found.answer.value, view) : missing(found.number);
}

const missing = (number: string | null): OrderFinding => ({ kind: "missing", number });

function tellAsked(order: Order & { phone: PhoneNumber | null }, view: OrderView): OrderFinding {
  const isOwn = order.phone !== null && order.phone === view.phone;
  if (isOwn) return { kind: "told", text: tell(order, view), isStranger: false };
  const bare = { ...order, items: [], total: null, place: null };
  const text = `${tell(bare, view)} ${textsIn(view.language).order.onlyStatus}`;
  return { kind: "told", text, isStranger: true };
}

const isOpen = ({ status }: Order) => status !== "delivered" && status !== "cancelled";

function tellNewest(orders: Order[], view: OrderView): OrderFinding {
  const newestFirst = orders.toSorted((a, b) => b.placedAt - a.placedAt);
  const open = newestFirst.filter(isOpen);
  const [only] = open.length > 0 ? open : newestFirst;
  if (!only) return missing(null);
  const text = open.length > 1 ? list(open, view) : tell(only, view);
  return { kind: "told", text, isStranger: false };
}

function list(orders: Order[], view: OrderView): string {
  const { order: texts } = textsIn(view.language);
  const lines = orders.slice(0, MOST_LISTED).map((order) => `• ${tell({ ...order, total: null, place: null }, view)}`);
  const rest = orders.length - lines.length;
  return [texts.several, ...lines, ...(rest > 0 ? [texts.more(rest)] : [])].join("\n");
}

function tell(order: Omit<Order, "total"> & { total: number | null }, view: OrderView): string {
  const { order: texts } = textsIn(view.language);
  const isComing = isOpen(order as Order) && order.status !== "at-pickup-point" && order.promisedAt !== null;
  const isLate = isComing && order.promisedAt! < view.now;
  return texts.tell({
    number: order.number,
    items: itemsIn(order.items, view.language),
    status: order.status,
    due: isComing && !isLate ? dueIn(order.promisedAt!, view) : null,
    overdue: isLate ? dateIn(order.promisedAt!, view) : null,
    place: isOpen(order as Order) ? order.place : null,
    total: order.total === null ? null : moneyIn(order.total, order.currency, view.language),
  });
}

function itemsIn(items: string[], language: Locale): string | null {
  if (items.length === 0) return null;
  const named = items.slice(0, MOST_ITEMS).join(", ");
  return items.length > MOST_ITEMS ? `${named} ${textsIn(language).order.more(items.length - MOST_ITEMS)}` : named;
}

/** "today before 14:00"; midnight means the whole day. */
function dueIn(at: Instant, view: OrderView): string {
  const { order: texts } = textsIn(view.language);
  const day = dayIn(at, view.timeZone);
  const isToday = day === dayIn(view.now, view.timeZone);
  const isTomorrow = day === dayIn(later(view.now, days(1)), view.timeZone);
  const name = isToday ? texts.today : isTomorrow ? texts.tomorrow : dateIn(at, view);
  const time = timeIn(at, view);
  return time === null ? name : texts.before(name, time);
}

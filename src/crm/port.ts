import type { Instant, Locale, PhoneNumber } from "#kit";

export type OrderStatus =
  | "new"
  | "confirmed"
  | "packing"
  | "with-courier"
  | "at-pickup-point"
  | "delivered"
  | "cancelled";

export interface Order {
  /** What the customer knows it by, e.g. `48213`. */
  number: string;
  status: OrderStatus;
  items: string[];
  /** In minor units of `currency`. */
  total: number;
  currency: string;
  /** When delivery or pick-up is promised; null when nobody knows. */
  promisedAt: Instant | null;
  /** Where it goes or waits; null when not settled. */
  place: string | null;
  placedAt: Instant;
}

export interface Customer {
  id: string;
  name: string;
  locale: Locale;
  phone: PhoneNumber;
}

/** "unavailable": the CRM did not answer in time; say so, do not guess. */
export type CrmAnswer<T> = { kind: "found"; value: T } | { kind: "nothing" } | { kind: "unavailable" };

export interface Crm {
  customerByPhone(phone: PhoneNumber): Promise<CrmAnswer<Customer>>;
  /** Newest first, at most 20. */
  ordersByPhone(phone: PhoneNumber): Promise<CrmAnswer<Order[]>>;
  orderByNumber(number: string): Promise<CrmAnswer<Order & { phone: PhoneNumber | null }>>;
}

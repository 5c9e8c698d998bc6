import { instant, locales } from "#kit";
import type { PhoneNumber } from "#kit";
import { z } from "zod";
import type { Customer, Order } from "../port.ts";

const phone = z
  .string()
  .regex(/^\+\d{5,15}$/)
  .transform((digits) => digits as PhoneNumber);
const time = z.number().transform(instant);

const order = z.object({
  number: z.string(),
  status: z.enum(["new", "confirmed", "packing", "with-courier", "at-pickup-point", "delivered", "cancelled"]),
  items: z.array(z.string()),
  total: z.int(),
  currency: z.string(),
  promisedAt: time.nullable(),
  place: z.string().nullable(),
  placedAt: time,
}) satisfies z.ZodType<Order>;

/** `GET /customers?phone=`: at most one. */
export const customersAnswer = z.object({
  customers: z.array(
    z.object({ id: z.string(), name: z.string(), locale: z.enum(locales), phone }) satisfies z.ZodType<Customer>,
  ),
});

/** `GET /orders?phone=`: newest first. */
export const ordersAnswer = z.object({ orders: z.array(order) });

/** `GET /orders?number=`: at most one, with its customer's phone. */
export const orderAnswer = z.object({ orders: z.array(order.extend({ phone: phone.nullable() })) });

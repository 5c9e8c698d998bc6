/** The door of `crm`: customers and their orders, whoever keeps them. */
export type { Crm, CrmAnswer, Customer, Order, OrderStatus } from "./port.ts";

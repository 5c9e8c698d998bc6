import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios from "axios";
import { millis } from "#kit";
import type { Clock } from "#kit";
import type { z } from "zod";
import type { Crm, CrmAnswer } from "../port.ts";
import { customersAnswer, orderAnswer, ordersAnswer } from "./schema.ts";

export interface DemoCrmSettings {
  /** Null: there is no CRM, so every question is answered "unavailable". */
  baseUrl: string | null;
  token: string;
  timeoutMs: number;
}

const LARGEST_ANSWER = 1024 * 1024;
const MOST_ORDERS = 20;

/** The demo CRM over HTTP. Whatever goes wrong there is "unavailable" here, at the latest after `timeoutMs`. */
export function createDemoCrm(settings: DemoCrmSettings, { clock }: { clock: Clock }): Crm {
  const ask = createAsk(settings, clock);

  return {
    async customerByPhone(phone) {
      const answer = await ask("/customers", { phone }, customersAnswer);
      return firstOf(answer?.customers);
    },
    async ordersByPhone(phone) {
      const answer = await ask("/orders", { phone }, ordersAnswer);
      if (!answer) return { kind: "unavailable" };
      const orders = answer.orders.slice(0, MOST_ORDERS);
      return orders.length === 0 ? { kind: "nothing" } : { kind: "found", value: orders };
    },
    async orderByNumber(number) {
      const answer = await ask("/orders", { number }, orderAnswer);
      return firstOf(answer?.orders);
    },
  };
}

function firstOf<T>(values: T[] | undefined): CrmAnswer<T> {
  if (!values) return { kind: "unavailable" };
  const [value] = values;
  return value === undefined ? { kind: "nothing" } : { kind: "found", value };
}

/** Asks and checks the answer; null for every kind of failure. */
function createAsk({ baseUrl, token, timeoutMs }: DemoCrmSettings, clock: Clock) {
  const http = axios.create({
    ...(baseUrl === null ? {} : { baseURL: baseUrl }),
    headers: { Authorization: `Bearer ${token}` },
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER,
  });

  return async <S extends z.ZodType>(
    path: string,
    params: Record<string, string>,
    schema: S,
  ): Promise<z.output<S> | null> => {
    if (baseUrl === null) return null;
    const deadline = new AbortController();
    const cancel = clock.after(millis(timeoutMs), () => deadline.abort());
    try {
      const { data } = await http.get<unknown>(path, { params, signal: deadline.signal });
      return schema.safeParse(data).data ?? null;
    } catch {
      return null;
    } finally {
      cancel();
    }
  };
}

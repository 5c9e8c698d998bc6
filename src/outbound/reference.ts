import { isId } from "#kit";

/** One dial of one callback. */
export interface Dial {
  callback: string;
  dial: number;
}

/** The name of a customer's leg: comes back with everything the provider says about it. */
export const nameDial = ({ callback, dial }: Dial): string => `${callback}.${dial}`;

/** Null for a name that is not ours. */
export function readDial(reference: string): Dial | null {
  const [callback = "", dial = ""] = reference.split(".");
  return isId(callback) && /^\d{1,6}$/.test(dial) ? { callback, dial: Number(dial) } : null;
}

import { z } from "zod";

/** Digits with the country code, without plus. */
const number = z
  .string()
  .transform((text) => text.replace(/[^\d]/g, ""))
  .pipe(z.string().regex(/^[1-9]\d{6,14}$/, "must be a telephone number with its country code, such as +79991234567"));

/** What one account that is linked as a browser needs, and what it may be used for. */
export const whatsAppWebAccount = z.strictObject({
  /** The account's own telephone number. */
  number,
  /** Ask beforehand whether a caller is on WhatsApp. */
  probe: z.boolean().default(true),
  /** Numbers that are surely registered: while one of them is not seen, no "not registered" is believed. */
  canaries: z.array(number).max(20).default([]),
  checksPerMinute: z.int().min(1).max(600).default(10),
  checksPerDay: z.int().min(1).max(100_000).default(300),
  /** Talk with customers over this account. */
  channel: z.boolean().default(false),
  /** Write to callers first over this account: what gets accounts banned most. */
  invites: z.boolean().default(false),
});

export type WhatsAppWebAccount = z.infer<typeof whatsAppWebAccount>;

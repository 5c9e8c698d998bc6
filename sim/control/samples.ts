import { readFileSync } from "node:fs";
import type { Locale } from "#kit";
import type { Customer } from "../whatsapp/index.ts";

export const sampleNames = ["photo", "voice", "document"] as const;

/** What a visitor can send from the phone: each is a small file that lies beside the stand-ins. */
export type SampleName = (typeof sampleNames)[number];

const read = (name: string): Buffer => readFileSync(new URL(`../samples/${name}`, import.meta.url));

const CAPTION: Record<Locale, string> = {
  ru: "Коробка пришла с дырой",
  kk: "Қорап тесік болып келді",
  en: "The box came with a hole",
};
const RECEIPT: Record<Locale, string> = { ru: "чек-48213.pdf", kk: "чек-48213.pdf", en: "receipt-48213.pdf" };

/** Sends a sample as this person. */
export function sendSample(customer: Customer, name: SampleName, locale: Locale): string {
  switch (name) {
    case "photo":
      return customer.sendMedia("image", {
        bytes: read("photo.jpg"),
        mimeType: "image/jpeg",
        caption: CAPTION[locale],
      });
    case "voice":
      return customer.sendMedia("audio", {
        bytes: read("voice.ogg"),
        mimeType: "audio/ogg; codecs=opus",
        voice: true,
      });
    case "document":
      return customer.sendMedia("document", {
        bytes: read("receipt.pdf"),
        mimeType: "application/pdf",
        filename: RECEIPT[locale],
      });
  }
}

import type { Leg } from "../ui/leg.ts";

interface Channel {
  name: string;
  leg: Leg;
}

const CHANNELS: Record<string, Channel> = {
  "whatsapp-cloud": { name: "WhatsApp", leg: "whatsapp" },
  telegram: { name: "Telegram", leg: "telegram" },
};

/** The name of a messenger and the colour of its leg; a new one is shown by its code. */
export const channelOf = (code: string): Channel => CHANNELS[code] ?? { name: code, leg: "whatsapp" };

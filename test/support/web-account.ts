import type { SettableClock } from "#kit";
import { createWhatsAppWeb, type WhatsAppWeb } from "../../sim/whatsapp-web/index.ts";
import { eventually } from "./eventually.ts";
import { admin, type Worker } from "./people.ts";
import type { World } from "./world.ts";

export const WEB_ACCOUNT = "79990000001";
const WEB_CANARY = "79990000002";

interface State {
  at: string;
  shown: { text: string } | null;
  probe: { trust: string } | null;
}

/** An account of WhatsApp Web as a guest of a story: its server, and the administrator who links it. */
export interface WebAccount {
  web: WhatsAppWeb;
  /** The settings that lead to it. */
  settings: Record<string, string>;
  /** Links the account as an administrator and the owner of the telephone do, and waits until its answers are believed. */
  link(world: World): Promise<Worker>;
}

export async function webAccount(clock: SettableClock): Promise<WebAccount> {
  const web = createWhatsAppWeb({ clock });
  await web.listen();
  web.register(WEB_ACCOUNT);
  web.register(WEB_CANARY);
  const settings = {
    WHATSAPP_WEB_URL: web.url,
    WHATSAPP_WEB_ROOT_KEY: web.rootKey,
    WHATSAPP_WEB_NUMBER: `+${WEB_ACCOUNT}`,
    WHATSAPP_WEB_CANARIES: `+${WEB_CANARY}`,
    WHATSAPP_WEB_CHECKS_PER_MINUTE: "60",
    SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
  };
  return { web, settings, link: (world) => link(world, web) };
}

const PATH = "/api/whatsapp-web/environment-whatsapp-web";

async function link(world: World, web: WhatsAppWeb): Promise<Worker> {
  const chief = await admin(world);
  const state = async () => (await chief.request<State>("GET", `${PATH}/state`)).body;
  await chief.request("POST", `${PATH}/pair`, { by: "qr" });
  await eventually("a picture is shown", async () => (await state()).shown !== null);
  web.scan(WEB_ACCOUNT, (await state()).shown!.text);
  await eventually("the account is linked", async () => (await state()).at === "open");
  await eventually("the canary was seen", async () => {
    await world.settle();
    return (await state()).probe?.trust === "clear";
  });
  web.seen.lookups.length = 0;
  return chief;
}

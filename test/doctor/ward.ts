import { createServer as createPlain, type RequestListener, type Server } from "node:http";
import { createServer as createTls } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { systemClock } from "#kit";
import { createCrm } from "../../sim/crm/index.ts";
import { createTwilio, type Twilio } from "../../sim/twilio/index.ts";
import { createWhatsApp, type WhatsApp } from "../../sim/whatsapp/index.ts";
import { demo } from "../support/demo-env.ts";
import { freePort } from "../support/free-port.ts";

const CERTIFICATES = new URL("../fixtures/certificates/", import.meta.url);
const certificate = (name: string) => ({
  cert: readFileSync(new URL(`${name}.crt`, CERTIFICATES)),
  key: readFileSync(new URL(`${name}.key`, CERTIFICATES)),
});

/** The certificate that a test may have trusted. */
export const TRUSTED = fileURLToPath(new URL("localhost.crt", CERTIFICATES));

/** Stand-ins for every provider, and a proxy with a certificate in front of a port nobody listens on yet. */
export interface Ward {
  twilio: Twilio;
  whatsapp: WhatsApp;
  /** What an installation with all of them would have in `.env`. */
  env: Record<string, string>;
  close(): Promise<void>;
}

export async function openWard(databaseUrl: string): Promise<Ward> {
  const port = await freePort();
  const proxy = await serve(forwardTo(port), "localhost");
  const publicUrl = `https://localhost:${portOf(proxy)}`;
  const number = {
    number: demo.hotline.ru,
    voiceUrl: `${publicUrl}/voice/twilio/incoming`,
    statusCallback: `${publicUrl}/voice/twilio/status`,
    fallbackUrl: "https://handler.twilio.example/bin",
  };
  const whatsapp = createWhatsApp({ clock: systemClock, ...demo, seed: 7 });
  const twilio = createTwilio({ clock: systemClock, ...demo, number, seed: 7 });
  const crm = createCrm({ clock: systemClock, token: demo.crmToken });
  await Promise.all([whatsapp.listen(), twilio.listen(), crm.listen()]);
  return {
    twilio,
    whatsapp,
    env: {
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      HOST: "127.0.0.1",
      PUBLIC_URL: publicUrl,
      TWILIO_ACCOUNT_SID: demo.accountSid,
      TWILIO_AUTH_TOKEN: demo.authToken,
      TWILIO_NUMBER: demo.hotline.ru,
      TWILIO_BASE_URL: twilio.url!,
      WHATSAPP_PHONE_NUMBER_ID: demo.phoneNumberId,
      WHATSAPP_BUSINESS_ACCOUNT_ID: demo.businessAccountId,
      WHATSAPP_ACCESS_TOKEN: demo.accessToken,
      WHATSAPP_APP_SECRET: demo.appSecret,
      WHATSAPP_VERIFY_TOKEN: demo.verifyToken,
      WHATSAPP_BASE_URL: whatsapp.url,
      DEMO_CRM_URL: crm.url,
      DEMO_CRM_TOKEN: demo.crmToken,
    },
    async close() {
      proxy.close();
      await Promise.all([whatsapp.close(), twilio.close(), crm.close()]);
    },
  };
}

/** A server on a free port of this machine, with a certificate when one is named. */
export async function serve(answer: RequestListener, named?: "localhost" | "expired"): Promise<Server> {
  const server = named ? createTls(certificate(named), answer) : createPlain(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export const portOf = (server: Server) => (server.address() as AddressInfo).port;

const forwardTo =
  (port: number): RequestListener =>
  async (request, response) => {
    const answer = await fetch(`http://127.0.0.1:${port}${request.url}`).catch(() => null);
    if (!answer) return response.writeHead(502).end("Bad Gateway");
    return response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  };

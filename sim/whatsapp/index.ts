import type { AddressInfo } from "node:net";
import { hours } from "#kit";
import type { Cancel, Clock } from "#kit";
import { createInFlight } from "../kit/inflight.ts";
import type { InFlight } from "../kit/inflight.ts";
import { createJournal } from "../kit/journal.ts";
import type { Journal } from "../kit/journal.ts";
import { createRandom } from "../kit/random.ts";
import type { Random } from "../kit/random.ts";
import { envelope } from "./bodies.ts";
import type { WebhookBody } from "./bodies.ts";
import { createCourier } from "./courier.ts";
import { createCustomer } from "./customer.ts";
import type { Customer } from "./customer.ts";
import { clearFaults, createFaults } from "./faults.ts";
import type { WebhookKind, WhatsAppFaults } from "./faults.ts";
import { createMedia } from "./media.ts";
import type { File } from "./media.ts";
import { deliver, report } from "./progress.ts";
import { createServer } from "./server.ts";
import { demoTemplates } from "./templates.ts";
import type { Template } from "./templates.ts";
import type { Accepted, Account, Latencies, Limits, Person, World } from "./world.ts";

export type { Customer } from "./customer.ts";

export interface WhatsAppOptions extends Partial<Account> {
  clock: Clock;
  phoneNumberId: string;
  businessAccountId: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  /** The application's webhook; may be set later. */
  webhookUrl?: string;
  seed?: number;
  templates?: Template[];
}

/** A stand-in for Meta's Cloud API with one business number and any number of customers. */
export interface WhatsApp {
  /** Base URL for the application, known after `listen`. */
  readonly url: string;
  /** Where webhooks go; null keeps them. */
  webhookUrl: string | null;
  readonly faults: WhatsAppFaults;
  readonly latencies: Latencies;
  readonly limits: Limits;
  readonly templates: Template[];
  /** Digits sent to → the WhatsApp id that really belongs to them. */
  readonly aliases: Map<string, string>;
  /** Every send that was carried out, oldest first: recount here what customers got. */
  readonly accepted: readonly Accepted[];
  /** Bodies that did not agree with the published schema. */
  readonly violations: readonly { body: unknown; details: string }[];
  readonly journal: Journal;
  readonly inFlight: InFlight;
  /** Starts to listen on 127.0.0.1; 0 takes a free port. */
  listen(port?: number): Promise<string>;
  /** A file of a customer or of the application, by its id. */
  file(id: string): File | null;
  /** The hands and eyes of one customer. */
  customer(waId: string): Customer;
  /** Delivers a message that was held back. */
  deliver(id: string): void;
  /** Reports a message as failed, however far it had come. */
  fail(id: string, code: number): void;
  /** Changes a template and tells the application. */
  changeTemplate(name: string, language: string, status: Template["status"]): void;
  /** Sends any other webhook, such as `account_update`. */
  tell(field: string, value: object): void;
  /** Sets the webhook up as Meta does; true when the application echoed the challenge. */
  subscribe(): Promise<boolean>;
  onWebhook(listener: (kind: WebhookKind, body: WebhookBody) => void): void;
  /** Called whenever any customer's chat changes. */
  onChange(listener: () => void): Cancel;
  clearFaults(): void;
  /** Resolves when no request is under way in either direction. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function createWhatsApp(options: WhatsAppOptions): WhatsApp {
  const { clock } = options;
  const random = createRandom(options.seed ?? 1);
  const inFlight = createInFlight();
  const journal = createJournal(clock, "whatsapp");
  const listeners = new Set<() => void>();
  const faults = createFaults((down) => (down ? stopListening() : listenAgain()));
  const account: Account = { displayNumber: "74950000142", businessName: "Kubik & Co", ...options };
  let webhookUrl = options.webhookUrl ?? null;
  let port = 0;

  const latencies: Latencies = { sent: 300, delivered: 900, failed: 1500, read: null, repeat: hours(1) };
  const wire = { clock, random, faults, latencies, journal, inFlight };
  const courier = createCourier({ ...wire, ...account, address: () => webhookUrl });
  const world: World = {
    account,
    clock,
    random,
    faults,
    latencies,
    limits: { perSecond: null, pair: null },
    templates: options.templates ?? structuredClone(demoTemplates),
    media: createMedia(clock, random, faults),
    aliases: new Map(),
    people: new Map(),
    writers: new Map(),
    accepted: [],
    violations: [],
    courier,
    newWamid: wamids(clock, random),
    changed(person: Person) {
      for (const listener of [...listeners, ...person.listeners]) listener();
    },
  };
  const baseUrl = () => `http://127.0.0.1:${port}`;
  const app = createServer({ world, journal, inFlight, baseUrl });
  const stopListening = () => void app.server.close();
  const listenAgain = () => void app.server.listen(port, "127.0.0.1");

  const acceptedBy = (id: string): Accepted => {
    const found = world.accepted.find((accepted) => accepted.id === id);
    if (!found) throw new Error(`No message ${id} was accepted.`);
    return found;
  };

  return {
    get url() {
      return baseUrl();
    },
    get webhookUrl() {
      return webhookUrl;
    },
    set webhookUrl(url) {
      webhookUrl = url;
    },
    faults,
    latencies: world.latencies,
    limits: world.limits,
    templates: world.templates,
    aliases: world.aliases,
    accepted: world.accepted,
    violations: world.violations,
    journal,
    inFlight,
    async listen(wanted = 0) {
      await app.listen({ port: wanted, host: "127.0.0.1" });
      port = (app.server.address() as AddressInfo).port;
      return baseUrl();
    },
    file: (id) => world.media.find(id),
    customer: (waId) => createCustomer(world, waId),
    deliver: (id) => deliver(world, acceptedBy(id)),
    fail: (id, code) => report(world, acceptedBy(id), "failed", code),
    changeTemplate(name, language, status) {
      for (const template of world.templates) {
        if (template.name === name && template.language === language) template.status = status;
      }
      courier.send(
        "account",
        envelope(account, "message_template_status_update", templateNews(name, language, status), clock.now()),
      );
    },
    tell: (field, value) => courier.send("account", envelope(account, field, value, clock.now())),
    subscribe: () => courier.greet(),
    onWebhook: (listener) => courier.onWebhook(listener),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clearFaults: () => clearFaults(faults),
    idle: () => inFlight.idle(),
    async close() {
      courier.close();
      await app.close();
    },
  };
}

const templateNews = (name: string, language: string, status: string) => ({
  event: status,
  message_template_id: 1689556908129832,
  message_template_name: name,
  message_template_language: language,
  reason: "NONE",
  message_template_category: "UTILITY",
});

/** Ids carry the time, so that a stand-in started again never repeats one. */
function wamids(clock: Clock, random: Random): () => string {
  let count = 0;
  return () => `wamid.${Buffer.from(`${clock.now()}.${++count}.${random.hex(8)}`).toString("base64")}`;
}

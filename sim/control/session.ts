import type { Clock, ScreenLocale, PhoneNumber } from "#kit";
import { demoOrders, type CrmServer } from "../crm/index.ts";
import type { Hands, Telegram } from "../telegram/index.ts";
import type { Phone, Twilio } from "../twilio/index.ts";
import type { Customer, WhatsApp } from "../whatsapp/index.ts";
import type { Account, Product, Story } from "./product.ts";
import { sendSample, type SampleName } from "./samples.ts";
import type { App, FaultName, Scenario } from "./state.ts";
import { createTelegramUser, type TelegramAct } from "./telegram-user.ts";

interface OperatorAccount extends Account {
  name: string;
}

/** The stand-ins and the product that one simulator plays with. */
export interface Stage {
  clock: Clock;
  twilio: Twilio;
  whatsapp: WhatsApp;
  telegram: Telegram;
  crm: CrmServer;
  product: Product;
  /** The shift; the first one takes calls and opens chats that nobody has. */
  operators: readonly [OperatorAccount, ...OperatorAccount[]];
  /** Hotline numbers by language. */
  hotlines: Record<ScreenLocale, string>;
}

/** The person who plays the caller: one phone, one messenger, things that may break. */
export interface Session {
  readonly scenario: Scenario;
  readonly locale: ScreenLocale;
  readonly speed: 1 | 4;
  readonly faults: ReadonlySet<FaultName>;
  readonly number: PhoneNumber;
  readonly phone: Phone | null;
  /** The call the person made: its story goes on when the phone rings back. */
  readonly firstCall: Phone | null;
  readonly customer: Customer;
  readonly telegram: Hands;
  readonly said: readonly { text: string; at: number }[];
  /** What the product told last about this caller. */
  story: Story;
  startOver(scenario: Scenario, locale: ScreenLocale): void;
  call(): void;
  press(key: string): void;
  speak(text: string): void;
  /** Lifts the receiver of the phone that rings back. */
  pickUp(): void;
  hangUp(): void;
  write(text: string, app: App): void;
  tap(choice: string, app: App): void;
  inTelegram(act: TelegramAct): Promise<void>;
  sendSample(name: SampleName): void;
  setFault(fault: FaultName, on: boolean): void;
  setSpeed(speed: 1 | 4): void;
  takeCall(): Promise<void>;
}

/** Callers ahead in the queue when a scenario starts: the person becomes number seven. */
const AHEAD = 6;
const EMPTY: Story = { conversationId: null, steps: [], database: [] };

const NAMES: Record<ScreenLocale, string> = { ru: "Анна Соколова", en: "Emily Carter" };

const SCENARIO_FAULT: Partial<Record<Scenario, FaultName>> = {
  "not-on-whatsapp": "not-on-whatsapp",
  "never-delivered": "never-delivered",
};

/** `onChange` is called whenever something the page shows may have changed. */
export function createSession(stage: Stage, onChange: () => void): Session {
  const { twilio, whatsapp, crm, clock } = stage;
  let scenario: Scenario = "peak";
  let locale: ScreenLocale = "en";
  let speed: 1 | 4 = 1;
  let count = Math.floor(clock.now() / 1000) % 100_000;
  let number = nextNumber();
  let phone: Phone | null = null;
  let firstCall: Phone | null = null;
  let crowd: Phone[] = [];
  let said: { text: string; at: number }[] = [];
  const faults = new Set<FaultName>();

  /** A number nobody called from yet: limits per number must not stop a second try. */
  function nextNumber(): PhoneNumber {
    const tail = String(++count % 1_000_000).padStart(6, "0");
    return (locale === "ru" ? `+79000${tail}` : `+447400${tail}`) as PhoneNumber;
  }

  const customer = () => whatsapp.customer(number.slice(1));
  const telegram = () => createTelegramUser(stage, { number, locale, name: NAMES[locale] });

  function applyFaults() {
    whatsapp.clearFaults();
    const waId = number.slice(1);
    if (faults.has("not-on-whatsapp") || faults.has("api-error-131026"))
      whatsapp.faults.notOnWhatsApp = new Set([waId]);
    if (faults.has("api-error-131026")) whatsapp.faults.notOnWhatsAppBy = "answer";
    whatsapp.faults.neverDelivered = faults.has("never-delivered");
    whatsapp.faults.api.cutBeforeAccept = faults.has("link-drops");
    whatsapp.faults.media.gone = faults.has("file-gone");
  }

  function fillQueue() {
    const hotline = stage.hotlines[locale];
    crowd = Array.from({ length: AHEAD }, (_, index) =>
      twilio.phones.call({ from: `+7916555${String(1000 + index)}`, to: hotline }),
    );
  }

  /** The person is called back: the same phone, another call. One from a story before is not picked up. */
  function rung(ringing: Phone) {
    if (ringing.to !== number) return ringing.hangUp();
    said = [];
    phone = ringing;
    phone.onChange(onChange);
    onChange();
  }

  const endAll = () => {
    for (const one of [phone, ...crowd]) if (one && one.state !== "ended") one.hangUp();
  };

  return {
    get scenario() {
      return scenario;
    },
    get locale() {
      return locale;
    },
    get speed() {
      return speed;
    },
    faults,
    get number() {
      return number;
    },
    get phone() {
      return phone;
    },
    get firstCall() {
      return firstCall;
    },
    get customer() {
      return customer();
    },
    get telegram() {
      return telegram().hands;
    },
    get said() {
      return said;
    },
    story: EMPTY,
    startOver(nextScenario, nextLocale) {
      endAll();
      scenario = nextScenario;
      locale = nextLocale;
      number = nextNumber();
      phone = null;
      firstCall = null;
      said = [];
      this.story = EMPTY;
      faults.clear();
      const fault = SCENARIO_FAULT[scenario];
      if (fault) faults.add(fault);
      applyFaults();
      crm.orders.splice(0, crm.orders.length, ...demoOrders(clock.now(), locale, number));
      fillQueue();
      onChange();
    },
    call() {
      if (phone && phone.state !== "ended") return;
      said = [];
      this.story = EMPTY;
      phone = firstCall = twilio.phones.call({ from: number, to: stage.hotlines[locale] });
      twilio.operatorPhones.plan(number, "by-hand", rung);
      customer().change({ name: NAMES[locale] });
      phone.onChange(onChange);
      customer().onChange(onChange);
      onChange();
    },
    press(key) {
      if (!phone) return;
      said = [...said, { text: key, at: clock.now() }];
      phone.press(key);
      onChange();
    },
    speak(text) {
      if (!phone) return;
      said = [...said, { text, at: clock.now() }];
      phone.say(text);
      onChange();
    },
    pickUp() {
      phone?.pickUp();
      onChange();
    },
    hangUp() {
      if (phone && phone.state !== "ended") phone.hangUp();
    },
    write(text, app) {
      if (app === "telegram") return void telegram().hands.write(text);
      customer().read();
      customer().write(text);
    },
    tap(choice, app) {
      if (app === "telegram") return telegram().tap(choice);
      const holder = customer().inbox.findLast(({ choices }) => choices.some(({ id }) => id === choice));
      customer().read();
      if (holder) customer().tap(holder.id, choice);
    },
    inTelegram(act) {
      return telegram().act(act, this.story.conversationId);
    },
    sendSample(name) {
      customer().read();
      sendSample(customer(), name, locale);
    },
    setFault(fault, on) {
      if (on) faults.add(fault);
      else faults.delete(fault);
      applyFaults();
      onChange();
    },
    setSpeed(next) {
      speed = next;
      twilio.setSpeed(next);
      onChange();
    },
    /** Those ahead are served first, so they leave; then the demo operator takes the next: the person's call or callback. */
    async takeCall() {
      for (const one of crowd) if (one.state !== "ended") one.hangUp();
      const [operator] = stage.operators;
      await stage.product.act(operator, "PUT", "/api/presence", { status: "online" });
      await stage.product.act(operator, "POST", "/api/calls/take-next", {});
      onChange();
    },
  };
}

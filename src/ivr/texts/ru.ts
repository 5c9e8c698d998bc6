import { unreachable } from "#kit";
import type { CallTime } from "#router";
import type { Texts } from "./texts.ts";

const forms = new Intl.PluralRules("ru");

/** «минута» after a range takes the form of its second number: «2–4 минуты», «5–8 минут». */
const MINUTES: Record<string, string> = { one: "минуты", few: "минут", many: "минут" };
const ABOUT: Record<string, string> = { one: "минуту", few: "минуты", many: "минут" };

function wait({ from, to }: { from: number; to: number }): string {
  if (to === 1) return "Ожидание — около минуты.";
  if (from === to) return `Ожидание — около ${to} ${MINUTES[forms.select(to)] ?? "минут"}.`;
  return `Ожидание — ${from}–${to} ${ABOUT[forms.select(to)] ?? "минут"}.`;
}

function callTime(when: CallTime): string {
  switch (when.kind) {
    case "within":
      return ` примерно через ${when.fromMinutes}–${when.toMinutes} ${ABOUT[forms.select(when.toMinutes)] ?? "минут"}`;
    case "between":
      return ` с ${when.from} до ${when.until}, когда откроемся`;
    case "in-turn":
      return ", когда подойдёт ваша очередь";
    default:
      return unreachable(when);
  }
}

export const ru: Texts = {
  wording: "offer-ru-1",
  channels: { "whatsapp-cloud": "WhatsApp", other: "мессенджере" },
  greeting: (company) =>
    `Здравствуйте!${company === "" ? "" : ` Вы позвонили в ${company}.`} Сейчас все операторы заняты.`,
  place: (place, minutes) =>
    `${place === 1 ? "Вы следующий." : `Вы ${place}-й в очереди.`}${minutes ? ` ${wait(minutes)}` : ""}`,
  offer: (channel) =>
    `Чтобы продолжить в ${channel}, не дожидаясь оператора, нажмите 1. Чтобы сохранить место в очереди и получить сообщение — нажмите 2. Или оставайтесь на линии.`,
  offerWithNumber: (channel) =>
    `Чтобы продолжить в ${channel}, нажмите 1 и введите номер мобильного телефона. Чтобы при этом сохранить место в очереди — нажмите 2. Или оставайтесь на линии.`,
  enterNumber: "Введите номер мобильного телефона, начиная с восьмёрки, и нажмите решётку.",
  enterNumberAgain:
    "Это не похоже на номер мобильного телефона. Введите его ещё раз, начиная с восьмёрки, и нажмите решётку.",
  confirmNumber: (digits) =>
    `Вы ввели: ${digits.join(", ")}. Если номер верный, нажмите 1. Чтобы ввести заново — любую другую клавишу.`,
  numberNotGiven: "На этот номер сейчас написать не получится. Вы остаётесь в очереди на том же месте.",
  onItsWay: (channel) => `Отправляю сообщение в ${channel}. Не кладите трубку.`,
  onItsWayBoth: (channel) => `Отправляю сообщение в ${channel}. Ваше место в очереди сохраняется.`,
  stillSending: "Сообщение в пути.",
  farewell: (channel) => `Сообщение доставлено. Ждём вас в ${channel}. До свидания!`,
  notHere: (channel) => `Этого номера нет в ${channel}. Вы остаётесь в очереди на том же месте.`,
  notNow: (channel) => `Сейчас не получается написать в ${channel}. Вы остаётесь в очереди на том же месте.`,
  sentBoth: (channel) => `Сообщение в ${channel} доставлено. Вы остаётесь в очереди на том же месте.`,
  choice: (channel) =>
    `Пока не видно, что сообщение в ${channel} дошло. Вы остаётесь в очереди на том же месте. Чтобы мы перезвонили вам, когда подойдёт очередь, нажмите 2. Или оставайтесь на линии.`,
  stays: "Оставайтесь на линии, ваше место сохранено.",
  callbackPromised: (when) => `Мы перезвоним вам${callTime(when)}. До свидания!`,
  returned: "Сообщение не дошло. Возвращаем вас в очередь на то же место.",
  connecting: "Соединяю с оператором.",
  queueFullPromised: (when) =>
    `Сейчас все линии заняты. Мы запомнили ваше место и перезвоним вам${callTime(when)}. До свидания!`,
  closed: (company, opensAt) =>
    `Здравствуйте!${company === "" ? "" : ` Вы позвонили в ${company}.`} Сейчас мы не работаем${opensAt === null ? "" : `, откроемся в ${opensAt}`}. Чтобы мы перезвонили вам, когда откроемся, нажмите 2.`,
  closedGoodbye: (opensAt) =>
    `${opensAt === null ? "Сейчас мы не работаем." : `Мы откроемся в ${opensAt}.`} Позвоните нам позже. До свидания!`,
  queueFull: "Сейчас все линии заняты. Пожалуйста, оставайтесь на линии.",
  trouble: "Пожалуйста, оставайтесь на линии, ваше место в очереди сохранено.",
  nobodyWaiting: "Сейчас никто не ждёт.",
  talkOver: "Спасибо за звонок. До свидания!",
  speech: {
    yes: [
      "да",
      "ага",
      "давай",
      "давайте",
      "хочу",
      "согласен",
      "согласна",
      "хорошо",
      "можно",
      "один",
      "единица",
      "ватсап",
      "вотсап",
      "вацап",
      "whatsapp",
      "в мессенджер",
    ],
    both: ["два", "двойка", "и то и другое", "оба", "сохранить место", "сохраните место"],
    no: ["нет", "не надо", "не хочу", "не нужно", "оператор", "оператора", "подожду", "останусь"],
    callback: ["два", "двойка", "перезвоните", "перезвонить", "обратный звонок"],
  },
};

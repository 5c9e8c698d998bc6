import type { BotTexts, OrderFacts } from "./texts.ts";

/** What the bot says in Russian. */
export const ru: BotTexts = {
  yesThanks: "Да, спасибо",
  askPerson: "Позвать человека",
  didThatHelp: "Это ответ на ваш вопрос?",
  didYouMean: "Не уверен, что понял. Вы об этом? Если нет, напишите другими словами.",
  rephrase: "Не понял вас. Напишите, пожалуйста, другими словами. Или позову сотрудника.",
  rejected: "Жаль, что не помогло. Напишите другими словами, что нужно. Или позову сотрудника.",
  wordsPlease: "Я робот и не умею смотреть вложения. Напишите словами, что нужно. Или позову сотрудника.",
  greeting: "Здравствуйте! Я робот магазина. Чем помочь?",
  robot: "Я робот. Проверяю заказы и отвечаю на частые вопросы, с остальным зову сотрудника.",
  finished: "Пожалуйста! Пишите, если будут вопросы.",
  callBack: "Мы вам позвоним. Ваше место в очереди сохранено.",
  handOff: {
    complaint: "Жаль, что так вышло. Сотрудник во всём разберётся.",
    repeatedMiss: "Всё ещё не понимаю, поэтому вам поможет сотрудник.",
    mediaOnly: "Сотрудник посмотрит то, что вы прислали.",
    crmUnavailable: "Сейчас не могу посмотреть заказы. Сотрудник проверит за меня.",
    noAnswer: "На это у меня нет ответа, вам поможет сотрудник.",
    noOrder: "Не нахожу такой заказ. Сотрудник проверит.",
    noPhone: "Не вижу вашего номера, поэтому о звонке договорится сотрудник.",
    strangers: "Эти заказы оформлены с другого номера. Вам поможет сотрудник.",
  },
  order: {
    askNumber: "На вашем номере не вижу заказов. Напишите номер заказа: в нём от 4 до 8 цифр.",
    notFound: (number) => `Заказа ${number} нет. Проверьте номер и пришлите ещё раз.`,
    tell: (facts) =>
      sentences(`Заказ ${facts.number}${facts.items ? ` (${facts.items})` : ""} ${statuses[facts.status]}`, facts),
    several: "У вас несколько открытых заказов:",
    more: (count) => `и ещё ${count}`,
    onlyStatus: "Заказ оформлен с другого номера, поэтому могу назвать только статус.",
    today: "сегодня",
    tomorrow: "завтра",
    before: (day, time) => `${day} до ${time}`,
  },
};

const statuses = {
  new: "принят",
  confirmed: "подтверждён",
  packing: "собирается",
  "with-courier": "у курьера",
  "at-pickup-point": "ждёт в пункте выдачи",
  delivered: "доставлен",
  cancelled: "отменён",
};

function sentences(first: string, { due, overdue, place, total }: OrderFacts): string {
  return [
    first,
    due && `Ожидается ${due}`,
    overdue && `Обещали ${overdue}, он задерживается, просим прощения`,
    place && `Где: ${place}`,
    total && `Сумма: ${total}`,
  ]
    .filter(Boolean)
    .map((sentence) => `${sentence}.`)
    .join(" ");
}

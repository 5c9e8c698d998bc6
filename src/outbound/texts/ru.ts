import type { OutboundTexts } from "./texts.ts";

const forms = new Intl.PluralRules("ru");
const one = (count: number, words: { one: string; few: string; many: string }) =>
  `${count} ${words[forms.select(count) as "one" | "few" | "many"] ?? words.many}`;

function waited(minutes: number): string {
  if (minutes < 60) return one(Math.max(1, minutes), { one: "минуту", few: "минуты", many: "минут" });
  if (minutes < 48 * 60) return one(Math.floor(minutes / 60), { one: "час", few: "часа", many: "часов" });
  return one(Math.floor(minutes / 1440), { one: "день", few: "дня", many: "дней" });
}

const REASONS: Record<string, string> = {
  chosen: "попросил перезвонить, не дождавшись сообщения",
  "queue-full": "звонил, когда все линии были заняты",
  closed: "звонил в нерабочее время",
  "asked-in-chat": "попросил перезвонить в чате",
  "failed-after-commit": "мы закончили звонок, а сообщение не дошло",
  "gone-without-invite": "положил трубку, и сообщение не дошло",
};

/** What is said on the legs we make, in Russian. */
export const ru: OutboundTexts = {
  announce: ({ reason, name, digits, waitedMinutes, tries }) =>
    [
      "Обратный звонок.",
      `${name ?? "Клиент"}, номер заканчивается на ${digits.split("").join(" ")}, ждёт ${waited(waitedMinutes)}.`,
      `Причина: ${REASONS[reason] ?? "ждёт звонка"}.`,
      ...(tries > 0 ? [`Попытка ${tries + 1}.`] : []),
      "Набираю номер.",
    ].join(" "),
  customerIsThere: "Клиент на линии.",
  ended: {
    completed: "Клиент положил трубку.",
    busy: "Занято, позвоним ещё раз позже.",
    "no-answer": "Не отвечает, позвоним ещё раз позже.",
    failed: "Дозвониться не удалось.",
    invalid: "Такого номера нет.",
    cancelled: "Звонок отменён.",
    refused: "Телефонная станция не принимает звонок.",
    unclear: "Связь с телефонной станцией прервалась, позвоним позже.",
    gone: "Этот звонок больше не нужен.",
  },
  hello: (company) =>
    `Здравствуйте!${company === "" ? "" : ` Это ${company}.`} Вы ждали нашего звонка, соединяю с оператором.`,
  nobodyThere: "Извините, оператор отключился. Мы сразу перезвоним вам ещё раз.",
  goodbye: "Спасибо за разговор. До свидания!",
};

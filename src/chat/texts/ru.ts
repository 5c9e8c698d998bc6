import { unreachable } from "#kit";
import type { CallTime } from "../door.ts";
import type { ChatTexts } from "./texts.ts";

const forms = new Intl.PluralRules("ru");
const MINUTES: Record<string, string> = { one: "минуту", few: "минуты", many: "минут" };

function callTime(when: CallTime): string {
  switch (when.kind) {
    case "within":
      return `примерно через ${when.fromMinutes}–${when.toMinutes} ${MINUTES[forms.select(when.toMinutes)] ?? "минут"}`;
    case "between":
      return `с ${when.from} до ${when.until}`;
    case "in-turn":
      return "сразу, как подойдёт ваша очередь";
    default:
      return unreachable(when);
  }
}

/** What the chat says in Russian. */
export const ru: ChatTexts = {
  handedOver: (place) => `Зову коллегу, вы ${place}-й в очереди. Напишем здесь же.`,
  rating: {
    bot: "Оцените, пожалуйста, ответы робота от 1 до 5: выберите из списка или пришлите цифру.",
    operator:
      "Разговор завершён. Оцените, пожалуйста, работу сотрудника от 1 до 5: выберите из списка или пришлите цифру.",
    button: "Поставить оценку",
    scores: { 5: "5 — отлично", 4: "4 — хорошо", 3: "3 — нормально", 2: "2 — плохо", 1: "1 — очень плохо" },
  },
  thanks: "Спасибо за оценку. Если появится вопрос, просто напишите.",
  commentNoted: "Спасибо, передадим. Если вопрос ещё не решён, напишите нам снова.",
  notices: {
    "talking-to-operator": "Вам ответил оператор по телефону. Если что-то останется, пишите сюда.",
    "place-kept": "Мы держим ваше место в очереди на линии. Писать сюда тоже можно.",
    "callback-promised": "Мы вам перезвоним. Ваше место в очереди сохранено.",
    "call-me-queued": "Хорошо, позвоним вам. Ваше место в очереди сохранено.",
  },
  expectCall: (when) => (when.kind === "in-turn" ? "" : `Ждите звонка ${callTime(when)}.`),
  callLater: (when) => `Извините, позвоним позже, чем обещали: ${callTime(when)}. Ваше место в очереди сохранено.`,
  noPhoneToCall: "Не вижу вашего номера, поэтому о звонке договорится сотрудник.",
  askPhone: {
    text: "Не вижу вашего номера. Нажмите кнопку под полем сообщения, чтобы поделиться им, и мы позвоним.",
    button: "Поделиться номером",
  },
  phoneNoted: {
    text: "Спасибо, теперь знаем ваш номер. Что сделать?",
    buttons: [
      { title: "Позвоните мне", choice: "intent:call-me" },
      { title: "Где мой заказ", choice: "intent:order-status" },
    ],
  },
  invite: {
    body: "Вы звоните в {{1}}, ваше место в очереди: {{2}}. Можно решить вопрос здесь: выберите тему или напишите, что случилось.",
    buttons: [
      { title: "Где мой заказ", choice: "intent:order-status" },
      { title: "Возврат", choice: "intent:returns" },
    ],
    withLinks: (shop, place, links) =>
      `${shop}: ваше место в очереди — ${place}. ${links.length > 0 ? `Продолжите в чате: ${links.join(" ")}` : "Напишите вопрос в ответ, поможем здесь."}`,
  },
  inviteProof:
    "Нажмите кнопку или напишите: тогда мы увидим, что сообщение дошло, завершим звонок, и ждать на линии не придётся.",
  hello: "Здравствуйте",
  started: "Чат открыт",
  ownPhone: (phone) => `Номер телефона: ${phone}`,
  media: {
    image: "Фото",
    video: "Видео",
    audio: "Аудиозапись",
    voice: "Голосовое сообщение",
    document: "Документ",
    sticker: "Стикер",
  },
  location: "Место на карте",
  contacts: "Контакт",
  order: "Заказ из каталога",
  unsupported: (what) => `Неподдерживаемое сообщение: ${what}`,
  deleted: "Сообщение удалено",
  wordsLost: "Неизвестно, дошли ли последние слова робота. Посмотрите, пожалуйста, и ответьте.",
  blocked: "Клиент заблокировал нас здесь: написать ему нельзя, пока он сам не напишет снова.",
  notSent: (text) => `Не отправлено, клиент ещё не писал: ${text}`,
};

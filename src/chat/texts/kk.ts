import { unreachable } from "#kit";
import type { CallTime } from "../door.ts";
import type { ChatTexts } from "./texts.ts";

function callTime(when: CallTime): string {
  switch (when.kind) {
    case "within":
      return `шамамен ${when.fromMinutes}–${when.toMinutes} минуттан кейін`;
    case "between":
      return `${when.from} мен ${when.until} аралығында`;
    case "in-turn":
      return "кезегіңіз келгенде";
    default:
      return unreachable(when);
  }
}

/** What the chat says in Kazakh. */
export const kk: ChatTexts = {
  handedOver: (place) => `Әріптесімді шақырамын, сіз кезекте ${place}-орындасыз. Жауапты осында жазамыз.`,
  rating: {
    bot: "Роботтың жауаптарын 1-ден 5-ке дейін бағалаңызшы: тізімнен таңдаңыз немесе цифр жіберіңіз.",
    operator:
      "Әңгіме аяқталды. Қызметкеріміздің көмегін 1-ден 5-ке дейін бағалаңызшы: тізімнен таңдаңыз немесе цифр жіберіңіз.",
    button: "Баға қою",
    scores: { 5: "5 — өте жақсы", 4: "4 — жақсы", 3: "3 — орташа", 2: "2 — нашар", 1: "1 — өте нашар" },
  },
  thanks: "Бағаңызға рақмет. Сұрағыңыз болса, жаза беріңіз.",
  commentNoted: "Рақмет, жеткіземіз. Мәселеңіз әлі шешілмесе, бізге қайта жазыңыз.",
  notices: {
    "talking-to-operator": "Сізге оператор телефон арқылы жауап берді. Тағы сұрағыңыз қалса, осында жазыңыз.",
    "place-kept": "Телефон кезегіндегі орныңызды сақтап тұрмыз. Осында да жаза аласыз.",
    "callback-promised": "Сізге өзіміз қоңырау шаламыз. Кезектегі орныңыз сақталды.",
    "call-me-queued": "Жарайды, сізге қоңырау шаламыз. Кезектегі орныңыз сақталды.",
  },
  expectCall: (when) => (when.kind === "in-turn" ? "" : `Қоңырауымызды ${callTime(when)} күтіңіз.`),
  callLater: (when) => `Кешіріңіз, уәде еткеннен кеш қоңырау шаламыз: ${callTime(when)}. Кезектегі орныңыз сақталады.`,
  noPhoneToCall: "Нөміріңіз көрінбей тұр, сондықтан қоңырау туралы қызметкеріміз келіседі.",
  invite: {
    body: "Сіз {{1}} компаниясына қоңырау шалдыңыз, кезектегі орныңыз: {{2}}. Мәселені осында шеше аламыз: тақырыпты таңдаңыз немесе не болғанын жазыңыз.",
    buttons: [
      { title: "Тапсырысым қайда", choice: "intent:order-status" },
      { title: "Қайтару", choice: "intent:returns" },
    ],
    withLinks: (shop, place, links) =>
      `${shop}: кезектегі орныңыз — ${place}. ${links.length > 0 ? `Чатта жалғастырыңыз: ${links.join(" ")}` : "Сұрағыңызды жауап ретінде жазыңыз, осында көмектесеміз."}`,
  },
  media: {
    image: "Фото",
    video: "Бейне",
    audio: "Аудиожазба",
    voice: "Дауыстық хабарлама",
    document: "Құжат",
    sticker: "Стикер",
  },
  location: "Картадағы орын",
  contacts: "Контакт",
  order: "Каталогтан тапсырыс",
  unsupported: (what) => `Қолдау көрсетілмейтін хабарлама: ${what}`,
  deleted: "Хабарлама жойылды",
  wordsLost: "Роботтың соңғы сөздерінің жеткен-жетпегені белгісіз. Қарап шығып, жауап беріңізші.",
  notSent: (text) => `Жіберілмеді, клиент әлі жазған жоқ: ${text}`,
};

import type { simulator as english } from "../en/simulator.ts";
import type { StopName, StopNote } from "../../simulator/route.ts";
import type { Turn } from "../../simulator/turn.ts";
import type { FaultName, ScenarioName } from "../../simulator/types.ts";
import { counted, ordinal, span } from "../format.ts";

const stops: Record<StopName, string> = {
  call: "Звонок",
  offer: "Выбор",
  messenger: "WhatsApp",
  bot: "Бот",
  operator: "Оператор",
  rating: "Оценка",
};

const notes: Record<Exclude<StopNote["say"], "place" | "delivered-in" | "answers" | "score">, string> = {
  "not-called": "ещё нет",
  ringing: "набор",
  "in-line": "в очереди",
  answered: "ответили",
  ended: "завершён",
  "at-peak": "в час пик",
  "not-offered": "не нужен",
  offered: "предложен",
  "pressed-1": "нажата 1",
  declined: "отказ",
  unanswered: "без ответа",
  "with-receipt": "после «1»",
  checking: "проверяем",
  sending: "в пути",
  delivered: "доставлено",
  "place-kept": "место за вами",
  owed: "перезвоним",
  "at-once": "сразу",
  "handed-over": "передал чат",
  "if-needed": "если нужен",
  "in-queue": "в очереди",
  assigned: "взял чат",
  replied: "ответил",
  "on-the-phone": "на линии",
  "one-to-five": "от 1 до 5",
  asked: "спросили",
};

function note(of: StopNote): string {
  switch (of.say) {
    case "place":
      return `${ordinal("ru", of.place)} в очереди`;
    case "delivered-in":
      return `за ${span("ru", of.ms)}`;
    case "answers":
      return counted("ru", of.count, { one: "ответ", few: "ответа", many: "ответов" });
    case "score":
      return `${of.score} из 5`;
    default:
      return notes[of.say];
  }
}

const scenarios: Record<ScenarioName, string> = {
  peak: "Час пик, нажимает 1",
  "not-on-whatsapp": "Нет в WhatsApp",
  "never-delivered": "Не доставлено",
  stays: "Ждёт на линии",
};

const intros: Record<ScenarioName, { title: string; text: string }> = {
  peak: {
    title: "Переведите одного ждущего в чат",
    text: "Нажмите 1 на телефоне, затем ответьте в мессенджере. Справа видно, что делает настоящий сервер.",
  },
  "not-on-whatsapp": {
    title: "Номер без WhatsApp сохраняет место",
    text: "Нажмите 1. WhatsApp отвергнет номер, и звонящий останется на том же месте в очереди.",
  },
  "never-delivered": {
    title: "Нет подтверждения, нет отбоя",
    text: "Нажмите 1. Сообщение уйдёт, но его никто не подтвердит, и звонящий останется в очереди.",
  },
  stays: {
    title: "Кто хочет ждать, ждёт",
    text: "Ничего не нажимайте. Место остаётся за звонящим, пока оператор не возьмёт звонок.",
  },
};

const turns: Record<Turn["name"], string> = {
  dial: "Нажмите зелёную кнопку на телефоне, чтобы позвонить на линию.",
  "wait-offer": "Слушайте линию. Предложение прозвучит через мгновение.",
  "press-1": "Нажмите 1 на телефоне, чтобы продолжить в WhatsApp.",
  "wait-receipt": "Подождите. Звонок закончится, только когда доставка подтверждена.",
  write: "Напишите в мессенджере, например «где мой заказ 48213».",
  tap: "Нажмите кнопку в мессенджере или напишите своими словами.",
  rate: "Оцените чат в мессенджере, от 1 до 5.",
  done: "Это весь путь. Начните заново или выберите другую историю.",
  stay: "Оставайтесь на линии и следите за местом, или пусть оператор возьмёт звонок.",
  "take-call": "Нажмите «Оператор берёт звонок».",
  "wait-call": "Подождите. Оператор слушает, кому и почему перезвонить, потом телефон зазвонит.",
  "pick-up": "Телефон звонит: нажмите зелёную кнопку, чтобы ответить.",
  answer: "Клиент ждёт человека. Откройте этот чат во входящих и ответьте.",
};

const faults: Record<FaultName, string> = {
  "not-on-whatsapp": "Номера нет в WhatsApp",
  "never-delivered": "Доставка не подтверждается",
  "api-error-131026": "Ошибка Cloud API 131026",
  "link-drops": "Связь с WhatsApp рвётся",
  "file-gone": "WhatsApp теряет файлы",
};

export const simulator: typeof english = {
  title: "Симулятор",
  pageTitle: "Detour: симулятор",
  chip: "без учётных записей и настоящих звонков",
  speed: { label: "Скорость", of: (speed) => `${speed}×` },
  speak: "Вслух",
  startOver: "Начать заново",
  scenariosLabel: "Истории",
  scenarios,
  intros,
  routeLabel: "Путь звонящего",
  stops,
  note,
  travelled: "пройдено",
  ahead: "ещё впереди",
  turn: { title: "Ваш ход", words: (turn) => turns[turn.name] },
  parts: {
    label: "Часть страницы",
    phone: "Телефон",
    messenger: "Мессенджер",
    inside: "Внутри",
    hereNow: "ваш ход здесь",
  },
  lost: "Сервер симулятора не отвечает. Страница подключится сама, сделанное не пропало.",
  off: "На этом сервере симулятор выключен. Его включает настройка SIMULATOR_URL.",
  connecting: "Подключаемся к симулятору",
  refused: "Не получилось. Повторите.",
  phone: {
    title: "Телефон звонящего",
    keysHint: { before: "есть и клавиши", to: "–", after: "" },
    keypad: "Кнопки набора",
    key: (key) => (key === "*" ? "Звёздочка" : key === "#" ? "Решётка" : key),
    transcript: "Что говорят в звонке",
    who: { hotline: "Линия", caller: "Звонящий", operator: "Оператор" },
    idle: "можно звонить",
    ringing: "звоним",
    ringsBack: "вам перезванивают",
    onHold: "ждёт на линии",
    listening: "вас слушают",
    place: (place) => `${ordinal("ru", place)} в очереди`,
    talkingTo: (name) => `говорит ${name}`,
    ended: "звонок завершён",
    endedBy: { caller: "вы положили трубку", detour: "завершил Detour" },
    call: "Позвонить на линию",
    hangUp: "Положить трубку",
    pickUp: "Ответить",
    say: "Сказать голосом",
    sayPlaceholder: "Что говорит звонящий",
    sayIt: "Сказать",
    speaker: "Вслух",
  },
  messenger: {
    title: "Мессенджер",
    which: "Мессенджер",
    apps: { whatsapp: "WhatsApp", telegram: "Telegram" },
    account: "бизнес-аккаунт, в сети",
    typing: "печатает…",
    moved: (time, place) =>
      place === null
        ? `В ${time} вы решили продолжить здесь.`
        : `В ${time} вы решили продолжить здесь. Ваше место в очереди было ${place}.`,
    empty: "Пока пусто. Первое сообщение придёт, когда звонящий нажмёт 1.",
    unavailable: "У этого номера нет WhatsApp.",
    log: "Сообщения",
    placeholder: "Сообщение",
    field: "Сообщение компании",
    send: "Отправить",
    attach: "Отправить файл",
    samples: { photo: "Фото", voice: "Голосовое сообщение", document: "Документ" },
    mine: "Вы",
    telegram: {
      bot: "бот",
      empty: "Бот не может написать первым. Нажмите «Старт», чтобы открыть чат.",
      withLink: "Сейчас оператор прислал бы ссылку. «Старт» открывает её: чат соединён со звонком и знает звонящего.",
      start: "Старт",
      block: "Заблокировать бота",
      restart: "Разблокировать и начать снова",
    },
    marks: { sent: "отправлено", delivered: "доставлено", read: "прочитано", failed: "не доставлено" },
  },
  inside: {
    title: "Внутри Detour",
    tabs: { steps: "Шаги", http: "HTTP", database: "База" },
    noSteps: "Позвоните на линию: каждое решение сервера появится здесь.",
    noHttp: "Запросов ещё не было. Здесь появятся запросы между Detour и провайдерами.",
    noRows: "Строк ещё нет. Здесь появится то, что Detour хранит об этом звонящем.",
    since: "после строки выше",
    times: (count) => `${count}×`,
    waitingAnswer: "ответа ещё нет",
    rows: (count) => counted("ru", count, { one: "строка", few: "строки", many: "строк" }),
    breakTitle: "Сломать что-нибудь",
    faults,
    openInbox: "Открыть этот чат во входящих",
    openInboxHint: "откроется в новой вкладке",
    noChat: "Чата ещё нет",
    takeCall: "Оператор берёт звонок",
  },
};
